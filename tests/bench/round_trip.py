"""HTTP round trips and taps through the running product, beside `chalice local` serving the same route on the same AWS.

`chalice local` waits 40 ms a request for Nagle's algorithm and delayed acknowledgements; it is measured with Nagle off.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import httpx

from infra.local.product import Product
from tests.bench.report import Row, show
from tests.support.running import ChatVisitor, TelegramPerson, until

REQUESTS = 100
BOOKINGS = 12
PEER = """
import sys
from chalice.cli.factory import CLIFactory
from chalice.local import ChaliceRequestHandler, LocalDevServer
ChaliceRequestHandler.disable_nagle_algorithm = True
import app
factory = CLIFactory(".")
LocalDevServer(app.app, factory.create_config_obj("dev"), "127.0.0.1", int(sys.argv[1])).serve_forever()
"""
Figures = tuple[float, float]


def rows() -> Iterator[Row]:
    """Round trips of two routes, then taps of both channels."""
    with tempfile.TemporaryDirectory() as folder, Product.start(Path(folder) / "product") as product:
        with _chalice_local(product) as peer_url:
            for at, path in enumerate(("/health", "/v1/booking/masters/anna"), 1):
                ours, theirs = _alternating(product.base_url + path, peer_url + path, at)
                yield Row(f"GET {path}", _words(ours), f"chalice local {_words(theirs)}", ours[0] / theirs[0])
        yield Row("tap in the web chat, frame to answer", _words(_measured(_web_taps(product))))
        yield Row("tap in Telegram, webhook to the Bot API's call", _words(_measured(_telegram_taps(product))))


def _alternating(url: str, peer_url: str, at: int) -> tuple[Figures, Figures]:
    """The same number of requests to both, in turns, so that a busy moment hits both; few enough for the limits."""
    times: dict[str, list[float]] = {url: [], peer_url: []}
    with _client(at) as client:
        for _ in range(REQUESTS):
            for each in (url, peer_url):
                begin = time.perf_counter()
                client.get(each).raise_for_status()
                times[each].append((time.perf_counter() - begin) * 1000)
    return _measured(iter(times[url])), _measured(iter(times[peer_url]))


def _web_taps(product: Product) -> Iterator[float]:
    for _ in range(BOOKINGS):
        with closing(ChatVisitor(product)) as visitor:
            message = visitor.hello()
            for choice in ("Снятие", 3, 0, "Confirm"):
                begin = time.perf_counter()
                message = visitor.tap(message, choice)
                yield (time.perf_counter() - begin) * 1000


def _telegram_taps(product: Product) -> Iterator[float]:
    for _ in range(BOOKINGS):
        with closing(TelegramPerson(product)) as person:
            person.do("start", payload="anna")
            person.sees("what would you like to book")
            for choice, answer in ((0, "Which day"), (3, "Which time"), (0, "Shall I book"), (0, "are booked")):
                begin = time.perf_counter()
                person.tap(choice)
                until(lambda answer=answer: answer in person.said()[-1])  # type: ignore[misc]
                yield (time.perf_counter() - begin) * 1000


def _measured(times_ms: Iterator[float]) -> Figures:
    found = sorted(times_ms)
    return statistics.median(found), found[int(len(found) * 0.95) - 1]


def _words(figures: Figures) -> str:
    return f"p50 {figures[0]:.1f} ms, p95 {figures[1]:.1f} ms"


def _client(at: int) -> httpx.Client:
    return httpx.Client(transport=httpx.HTTPTransport(local_address=f"127.0.3.{at}"), timeout=60)


@contextmanager
def _chalice_local(product: Product) -> Iterator[str]:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | product.environment | {"PATH": os.environ["PATH"]}
    with subprocess.Popen([sys.executable, "-c", PEER, str(port)], env=environment, stdout=-3, stderr=-3) as child:  # noqa: S603
        try:
            url = f"http://127.0.0.1:{port}"
            until(_answers(url))
            yield url
        finally:
            child.terminate()


def _answers(url: str) -> Callable[[], bool]:
    def look() -> bool:
        try:
            return httpx.get(f"{url}/health", timeout=10).is_success
        except httpx.TransportError:
            return False

    return look


if __name__ == "__main__":
    show("Round trips", rows())
