"""What the tests of the shared ground share: a clock that stands still, and the lines that were logged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared import timers
from shared.clock import epoch_s
from shared.timers import Cursor
from tests.support import logs
from tests.support.clock import START, Clock, stopped
from tests.support.logs import Lines


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


@pytest.fixture
def logged() -> Iterator[Lines]:
    """The lines that the product logs during the test."""
    with logs.kept() as lines:
        yield lines


@pytest.fixture
def ticking(clock: Clock) -> Clock:
    """A clock by which the last tick was just now."""
    with Cursor.batch_write() as batch:
        for shard in range(timers.SHARDS):
            batch.save(Cursor("cursor", str(shard), hour=epoch_s(START) // 3600))
    return clock


@pytest.fixture
def one_shard(monkeypatch: pytest.MonkeyPatch) -> None:
    """A fourth of the queries, where many hours are passed."""
    monkeypatch.setattr(timers, "SHARDS", 1)
