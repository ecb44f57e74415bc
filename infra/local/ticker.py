"""Schedules that wake functions, by the clock that the local page can move.

A schedule whose time has passed, also while nothing ran or because the clock was moved, fires once. At start every
`rate(…)` fires.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from infra.local.aws.files import replace_file
from infra.local.background import BackgroundCalls, eventbridge_event
from infra.local.definitions import Schedule
from infra.local.queue_events import ACCOUNT
from infra.local.schedules import is_rate, next_after

LONGEST_PAUSE_S = 1.0
KEEP_EVERY = timedelta(seconds=30)
Clock = Callable[[], datetime]


class Ticker:
    """Fires schedules that are due."""

    def __init__(self, calls: BackgroundCalls, clock: Clock, region: str, kept_in: Path) -> None:
        self._calls = calls
        self._clock = clock
        self._region = region
        self._kept_in = kept_in
        self._seen_at = self._read()
        self._ticked_at = clock()
        self._due: list[tuple[datetime, Schedule]] = []

    def use(self, schedules: Sequence[Schedule]) -> None:
        """Fires these from now on.

        Raises: NotImitated.
        """
        now = self._clock()
        first = min(now, self._seen_at or now)
        known = {one.model_dump_json(): due_at for due_at, one in self._due}
        self._due = [(known.get(one.model_dump_json()) or _first(one, now, first), one) for one in schedules]

    async def run(self) -> None:
        """Never returns by itself."""
        while True:
            self.tick()
            await asyncio.sleep(LONGEST_PAUSE_S)

    def tick(self) -> None:
        """Fires what is due now, each at most once."""
        now = self._clock()
        if now < self._ticked_at:  # the clock was moved back
            self._due = [(min(due_at, next_after(one.expression, now)), one) for due_at, one in self._due]
        self._ticked_at = now
        self._due = [self._fire(due_at, schedule, now) for due_at, schedule in self._due]
        if self._seen_at is None or abs(now - self._seen_at) > KEEP_EVERY:
            self._seen_at = now
            self._keep(now)

    def _fire(self, due_at: datetime, schedule: Schedule, now: datetime) -> tuple[datetime, Schedule]:
        if now < due_at:
            return due_at, schedule
        rule = f"arn:aws:events:{self._region}:{ACCOUNT}:rule/svyaz-local-{schedule.function.name}"
        event = eventbridge_event("aws.events", "Scheduled Event", self._region, due_at, resources=[rule])
        self._calls.start(schedule.function, event)
        return next_after(schedule.expression, now), schedule

    def _read(self) -> datetime | None:
        try:
            return datetime.fromisoformat(json.loads(self._kept_in.read_text(encoding="ascii"))["seen_at"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _keep(self, now: datetime) -> None:
        try:
            replace_file(self._kept_in, json.dumps({"seen_at": now.isoformat()}).encode())
        except OSError:
            return  # a full disk: the next tick tries again


def _first(schedule: Schedule, now: datetime, seen_at: datetime) -> datetime:
    later = next_after(schedule.expression, seen_at)
    return now if is_rate(schedule.expression) else later
