"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

import pytest

START = datetime(2026, 3, 2, 10, 20, 30, tzinfo=UTC)


class Clock:
    """What `shared.clock.now` tells; everything but ids and AWS's own queues goes by it."""

    def __init__(self) -> None:
        self.moment = START

    def forward(self, seconds: float = 0, **more: float) -> datetime:
        """The moment after a while, by the words of `timedelta`."""
        self.moment += timedelta(seconds=seconds, **more)
        return self.moment


def stopped(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock in place of the real one, for the time of a test."""
    clock = Clock()

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return clock.moment.astimezone(tz)

    monkeypatch.setattr("shared.clock.datetime", Stopped)
    return clock
