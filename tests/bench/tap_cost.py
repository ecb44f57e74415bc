"""What one tap costs at AWS: requests made by handlers, warm, and read and write units, whatever is stored.

The path runs in this process on the embedded AWS: webhook or socket, queue, dialog, queue, sender. Requests of
pollers (receive and delete) are Lambda's own and not counted. A transaction counts as one request. Units are computed
by DynamoDB's published rules from what was read, and taken from the answers for what was written.
"""

from __future__ import annotations

import importlib
import json
import math
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from infra.local.aws.process import EmbeddedAws
from tests.bench.report import Row, show
from tests.support import environment

FEW, MANY = 10, 10_000
TELEGRAM_GOAL, WEBCHAT_GOAL = 7, 8
READ_UNIT_BYTES = 4096


@dataclass
class Meter:
    """Requests and units of the calls seen since it was set to nothing."""

    calls: list[str] = field(default_factory=list)
    reads: float = 0
    writes: float = 0

    def see(self, http_response: Any, parsed: dict[str, Any], model: Any, **_: Any) -> None:  # noqa: ARG002
        """Counts one answered call."""
        self.calls.append(model.name)
        if model.service_model.service_name != "dynamodb":
            return
        if model.name == "Query":
            self.reads += _units(parsed["Items"]) / 2
        elif model.name == "BatchGetItem":
            self.reads += sum(_units([item]) for items in parsed["Responses"].values() for item in items)
        else:
            self.writes += _written(parsed.get("ConsumedCapacity") or [])


def _units(items: list[Any]) -> float:
    size = sum(len(json.dumps(item, ensure_ascii=False).encode()) for item in items)
    return max(1, math.ceil(size / READ_UNIT_BYTES))


def _written(consumed: Any) -> float:
    return float(sum(one["CapacityUnits"] for one in (consumed if isinstance(consumed, list) else [consumed])))


def rows() -> Iterator[Row]:
    """A row for each tap of both channels, with few and with many bookings stored."""
    with embedded():
        from tests.bench.tap_paths import TelegramPath, WebChatPath, store_bookings  # noqa: PLC0415

        meter = Meter()
        importlib.import_module("shared.aws").observe_clients(
            lambda client: client.meta.events.register("after-call", meter.see)
        )
        for stored in (FEW, MANY):
            store_bookings(stored)
            for path, goal in ((TelegramPath(meter), TELEGRAM_GOAL), (WebChatPath(meter), WEBCHAT_GOAL)):
                yield from _taps(path, goal, stored)


def _taps(path: Any, goal: int, stored: int) -> Iterator[Row]:
    for tap, (calls, reads, writes, ms) in path.book().items():
        yield Row(
            f"{path.name}, {stored} bookings stored, tap {tap}",
            f"{len(calls)} requests, {reads:g} read and {writes:g} write units, {ms:.0f} ms in handlers",
            goal=f"{goal} requests",
            is_met=len(calls) <= goal,
        )


@contextmanager
def embedded() -> Iterator[None]:
    """The embedded AWS, empty, as what this process calls."""
    with tempfile.TemporaryDirectory() as folder:
        running = EmbeddedAws.start(Path(folder))
        try:
            environment.set_up()
            os.environ.update(running.environment())
            yield
        finally:
            running.stop()


if __name__ == "__main__":
    show("One tap at AWS", rows())
