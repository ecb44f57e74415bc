"""Schedules follow the clock, also when it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from infra.local.background import BackgroundCalls
from infra.local.definitions import Function, Schedule
from infra.local.schedules import NotImitated
from infra.local.ticker import Ticker

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


class Scene:
    """A ticker with a clock to move and calls to count."""

    def __init__(self, path: Path, *expressions: str) -> None:
        self.now = NOON
        self.fired: list[tuple[str, Any]] = []
        self.path = path
        self.ticker = Ticker(cast("BackgroundCalls", self), lambda: self.now, "eu-central-1", path / "ticker.json")
        self.ticker.use(schedules(*expressions))

    def start(self, function: Function, event: Any) -> None:
        """Takes a call."""
        self.fired.append((function.name, event))

    def tick(self, **later: float) -> list[str]:
        """Who fires after so much time."""
        self.fired.clear()
        self.now += timedelta(**later)
        self.ticker.tick()
        return [name for name, _ in self.fired]


def schedules(*expressions: str) -> list[Schedule]:
    """Schedules with functions named by their expressions."""
    return [Schedule(expression=one, function=Function(name=one, handler="m.f", timeout_s=1)) for one in expressions]


def test_a_rate_fires_at_start_and_then_by_its_period(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "rate(1 minute)")
    fired = [scene.tick(), scene.tick(seconds=59), scene.tick(seconds=1), scene.tick(seconds=1)]
    assert [len(one) for one in fired] == [1, 0, 1, 0]


def test_an_advanced_clock_fires_each_schedule_once(tmp_path: Path) -> None:
    """The clock that all triggers obey: missed ticks happen at once, each schedule once."""
    scene = Scene(tmp_path, "rate(1 minute)", "cron(0 9 * * ? *)", "cron(0 9 1 1 ? *)")
    scene.tick()
    assert scene.tick(days=3) == ["rate(1 minute)", "cron(0 9 * * ? *)"]
    assert scene.tick(seconds=1) == []


def test_a_clock_moved_back_does_not_stop_the_schedules(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "rate(1 minute)")
    scene.tick(days=30)
    assert scene.tick(days=-30) == []
    assert scene.tick(minutes=1) == ["rate(1 minute)"]


def test_a_time_that_passed_while_nothing_ran_fires_at_start(tmp_path: Path) -> None:
    Scene(tmp_path, "cron(0 9 * * ? *)").tick()
    later = Scene(tmp_path)
    later.now += timedelta(days=1)
    later.ticker.use(schedules("cron(0 9 * * ? *)"))
    assert later.tick() == ["cron(0 9 * * ? *)"]
    assert later.tick() == []


def test_a_damaged_file_is_as_good_as_none(tmp_path: Path) -> None:
    (tmp_path / "ticker.json").write_text("[]")
    assert Scene(tmp_path, "cron(0 9 * * ? *)").tick() == []


def test_other_schedules_keep_their_time_when_code_changes(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "rate(1 minute)")
    scene.tick()
    scene.now += timedelta(seconds=30)
    scene.ticker.use(schedules("rate(1 minute)", "rate(2 minutes)"))
    assert scene.tick() == ["rate(2 minutes)"]
    assert scene.tick(seconds=30) == ["rate(1 minute)"]


def test_the_event_is_eventbridges(tmp_path: Path) -> None:
    scene = Scene(tmp_path, "rate(1 minute)")
    scene.tick()
    event = scene.fired[0][1]
    assert event.pop("id")
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": "2026-11-20T12:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:000000000000:rule/svyaz-local-rate(1 minute)"],
        "detail": {},
    }


def test_a_wrong_expression_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(NotImitated):
        Scene(tmp_path, "rate(1 minutes)")
