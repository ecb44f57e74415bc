"""What it costs to know who asks: the same view behind the authorizer and open to all, through the running product.

Through the product the authorizer's answer is mostly kept, as API Gateway keeps it for 20 seconds; its own time, which
is spent where it is not, is measured in this process, warm, with the calls of AWS that it makes.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from chalice.app import Response

from infra.local import definitions
from infra.local.product import Product
from shared.http.api import Api
from shared.http.app import http_app
from shared.http.requests import Request
from shared.rights import PUBLIC, SIGNED_IN
from tests.bench.report import Row, show
from tests.support import environment, signed_session

DEFINITIONS = "tests.bench.authorised.read"
REQUESTS = 400
CHECKS = 1000
GOAL_MS = 1.0
ARN = "arn:aws:execute-api:eu-central-1:000000000000:local/api/GET/guarded"
api = Api("bench")


@api.get("/open", "A view for all", access=PUBLIC)
def answer_anybody(request: Request[None, None]) -> Response:
    """Nothing."""
    return Response(body="")


@api.get("/guarded", "The same view for whoever is signed in", access=SIGNED_IN)
def answer_the_caller(request: Request[None, None]) -> Response:
    """Nothing, to a caller whom it knows."""
    return Response(body="" if request.caller.subject else "nobody")


app = http_app(api)


def read(event: Any, context: Any) -> dict[str, Any]:
    """The product with these two routes in place of its own."""
    found = definitions.read(event, context)
    guard = next(route["authorizer"] for route in found["routes"] if route["authorizer"])
    function = {"name": "bench_api", "handler": "tests.bench.authorised.app", "timeout_s": 5}
    return found | {
        "routes": [
            {"method": "GET", "path": "/open", "function": function},
            {"method": "GET", "path": "/guarded", "function": function, "authorizer": guard},
        ]
    }


def rows() -> Iterator[Row]:
    """Both views in turns, then the authorizer alone."""
    with tempfile.TemporaryDirectory() as folder:
        with Product.start(Path(folder) / "product", definitions=DEFINITIONS, demo="") as product:
            token = signed_session.run(product.environment)["access_token"]
            guarded, opened = _alternating(product, token)
        more_ms = guarded - opened
        yield Row(
            "GET behind the authorizer, its answer kept",
            f"p50 {guarded:.2f} ms",
            f"the same view open to all, p50 {opened:.2f} ms",
            guarded / opened,
            f"less than {GOAL_MS:g} ms more",
            more_ms < GOAL_MS,
        )
    with _moto():
        spent_ms, calls = _checked()
    yield Row(
        "the authorizer itself, warm",
        f"p50 {spent_ms:.2f} ms, {calls} calls of AWS in {CHECKS} checks",
        goal=f"{GOAL_MS:g} ms and no call",
        is_met=spent_ms < GOAL_MS and calls == 0,
    )


def _alternating(product: Product, token: str) -> tuple[float, float]:
    """Medians, in milliseconds; in turns, so that a busy moment hits both."""
    times: dict[str, list[float]] = {"/guarded": [], "/open": []}
    with httpx.Client(base_url=product.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as client:
        for path in times:
            client.get(path).raise_for_status()
        for _ in range(REQUESTS):
            for path, spent in times.items():
                begin = time.perf_counter()
                client.get(path).raise_for_status()
                spent.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times["/guarded"]), statistics.median(times["/open"])


def _checked() -> tuple[float, int]:
    """The median of a check in milliseconds, and the calls of AWS that all of them made."""
    from functions.accounts.authorizer import authorize  # noqa: PLC0415
    from functions.accounts.tokens import access_tokens  # noqa: PLC0415  # the environment has to be set before
    from shared.clock import now  # noqa: PLC0415
    from shared.identity import Caller  # noqa: PLC0415
    from tests.support.aws_calls import watched  # noqa: PLC0415

    caller = Caller("user", "usr_1", "org_1", ("administrator",), session_id="ses_1")

    def event(moment: datetime) -> dict[str, str]:
        token = access_tokens.issue(caller, ["password"], moment)
        return {"type": "TOKEN", "authorizationToken": f"Bearer {token}", "methodArn": ARN}

    authorize(event(now()), None)
    events = [event(now()) for _ in range(CHECKS)]
    with watched("dynamodb") as tables, watched("ssm") as parameters:
        times = [_timed_ms(lambda given=given: authorize(given, None)) for given in events]  # type: ignore[misc]
    return statistics.median(times), len(tables) + len(parameters)


def _timed_ms(act: Callable[[], object]) -> float:
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


@contextmanager
def _moto() -> Iterator[None]:
    from moto import mock_aws  # noqa: PLC0415

    from tests.support import moto_aws  # noqa: PLC0415

    with mock_aws():
        moto_aws.create()
        yield


if __name__ == "__main__":
    environment.set_up()
    show("Knowing who asks", rows())
