"""The changes inside ministack, each on its own."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from infra.local.aws import seams
from infra.local.aws.backend import Ministack
from infra.local.aws.seams import QueueAlarm, change_events, change_objects, tick_schedules


def ministack(**services: Any) -> Ministack:
    """A ministack of these services."""
    return Ministack(services, None, None, None)


def test_the_alarm_wakes_all_who_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """And those who wait afterwards wait anew."""
    monkeypatch.setattr(seams, "_POLL_S", 3600)

    async def scenario() -> None:
        alarm = QueueAlarm()
        waiting = asyncio.gather(alarm.sleep(0.1), alarm.sleep(0.1))
        await asyncio.sleep(0.01)
        alarm.ring()
        async with asyncio.timeout(10):
            await waiting
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(alarm.sleep(0.1), 0.05)

    asyncio.run(scenario())


def test_the_last_short_pause_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait must not end much later than it was asked to."""
    monkeypatch.setattr(seams, "_POLL_S", 3600)

    async def scenario() -> None:
        async with asyncio.timeout(10):
            await QueueAlarm().sleep(0.02)

    asyncio.run(scenario())


def test_schedules_are_looked_at_again_and_again(caplog: pytest.LogCaptureFixture) -> None:
    """Also after one that cannot be evaluated."""
    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        if len(ticks) == 1:
            raise ValueError

    eventbridge = SimpleNamespace(_SCHEDULER_TICK_INTERVAL=0.01, _tick_scheduled_rules=tick)

    async def scenario() -> None:
        running = asyncio.create_task(tick_schedules(ministack(eventbridge=eventbridge), QueueAlarm()))
        await asyncio.sleep(0.1)
        running.cancel()

    asyncio.run(scenario())
    assert len(ticks) > 2
    assert "a scheduled rule could not be evaluated" in caplog.text


def test_events_of_buckets_without_notifications_are_not_made() -> None:
    """Others are delivered before the call is answered, in order."""
    fired: list[tuple[Any, ...]] = []
    s3 = SimpleNamespace(
        _bucket_notifications={"b": "<xml/>"},
        _next_event_sequencer=lambda _event: "1",
        _fire_s3_event=lambda *arguments, **named: fired.append((*arguments, named)),
    )
    change_events(ministack(s3=s3))
    changed: Any = s3
    changed._fire_s3_event_async("other", "k", "e")
    changed._fire_s3_event_async("b", "k", "e", size=2, version_id="v")
    assert fired == [("b", "k", "e", 2, "", None, {"sequencer": "1", "version_id": "v"})]


def test_deleted_objects_are_not_written_later() -> None:
    """What was refused and then deleted needs no room."""
    record = {"body": b"x"}
    tried: list[Any] = []
    s3 = SimpleNamespace(_persist_object=lambda *call: tried.append(call), _buckets={"b": {"objects": {"k": record}}})
    unwritten = change_objects(s3)
    changed: Any = s3
    changed._persist_object("b", "k", record)
    unwritten.write_again()
    assert len(unwritten) == 1
    s3._buckets["b"]["objects"].clear()
    unwritten.write_again()
    assert len(unwritten) == 0
    assert tried == [("b", "k", record)] * 2
