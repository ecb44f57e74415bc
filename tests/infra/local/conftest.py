"""A runtime that runs the sample product, in a hurry, for all tests of this folder."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import boto3
import httpx
import pytest

from infra.local import demo_data
from infra.local.runtime import Options, Runtime
from infra.local.terminal import Terminal
from infra.local.wakers import Paces
from tests.infra.local.sample import DEFINITIONS

T = TypeVar("T")
PATIENCE_S = 10.0


class RecordingTerminal(Terminal):
    """Keeps what it was told."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def show(self, text: str) -> None:
        """Keeps a line."""
        self.lines.append(text)


@dataclass(frozen=True)
class Local:
    """A running runtime, and ways to look at it from outside."""

    runtime: Runtime
    loop: asyncio.AbstractEventLoop
    terminal: RecordingTerminal

    @property
    def base_url(self) -> str:
        """Where it serves."""
        return f"http://127.0.0.1:{self.runtime.port}"

    @property
    def socket_url(self) -> str:
        """Where its WebSockets are."""
        return f"ws://127.0.0.1:{self.runtime.port}/ws"

    @property
    def state_dir(self) -> Path:
        """Its folder."""
        return self.runtime.options.state_dir

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What some work on the runtime's loop comes to."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE_S)

    def client(self, service: str, **more: Any) -> Any:
        """A client of its AWS."""
        aws = self.runtime.aws
        keys = {"aws_access_key_id": aws.access_key_id, "aws_secret_access_key": aws.secret_access_key}
        return boto3.client(service, region_name=aws.region, **{"endpoint_url": aws.endpoint_url, **keys, **more})

    def noted(self, name: str) -> list[Any]:
        """What the sample's handlers noted under a name."""
        path = self.state_dir / f"{name}.jsonl"
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        return [json.loads(line) for line in lines if line.endswith("\n")]  # the last may be half written

    def until(self, found: Callable[[], T | None]) -> T:
        """What is found, as soon as it is."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            if value := found():
                return value
            time.sleep(0.02)
        raise AssertionError("not in time")

    def until_noted(self, name: str, chosen: Callable[[Any], bool], number: int = 1) -> list[Any]:
        """The notes that were waited for, as soon as there are so many."""

        def look() -> list[Any] | None:
            matching = [one for one in self.noted(name) if chosen(one)]
            return matching if len(matching) >= number else None

        return self.until(look)


def start(options: Options) -> Local:
    """A started runtime on a loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=_serve, args=(loop,), daemon=True).start()
    terminal = RecordingTerminal()
    local = Local(Runtime(options, terminal), loop, terminal)
    local.run(local.runtime.start())
    return local


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    loop.run_forever()
    loop.close()


def stop(local: Local) -> None:
    """Ends it and its loop."""
    local.run(local.runtime.stop())
    local.run(_cancel_rest())
    local.run(local.loop.shutdown_default_executor())
    local.loop.call_soon_threadsafe(local.loop.stop)
    local.until(local.loop.is_closed)


async def _cancel_rest() -> None:
    rest = asyncio.all_tasks() - {asyncio.current_task()}
    for task in rest:
        task.cancel()
    await asyncio.gather(*rest, return_exceptions=True)


@pytest.fixture(scope="session")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Local]:
    """The sample product, running."""
    paces = Paces(retry_pauses_s=(0.05, 0.05), alarm_period_s=0.2)
    started = start(Options(tmp_path_factory.mktemp("local"), 0, DEFINITIONS, paces))
    started.run(demo_data.load(started.runtime, ""))
    started.runtime.announce()
    yield started
    stop(started)


@pytest.fixture
def http(local: Local) -> Iterator[httpx.Client]:
    """A client of its HTTP."""
    with httpx.Client(base_url=local.base_url, timeout=PATIENCE_S) as client:
        yield client
