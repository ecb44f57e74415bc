"""Late ticks, crashes between two steps, and two ticks at once: every timer still fires."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared import timers
from shared.clock import epoch_s
from shared.errors import Contended, ProviderThrottled, ProviderUnavailable
from shared.timers import Timer
from tests.shared.stored_timers import (
    ONE_OF_EACH_SHARD,
    QUEUE,
    cursors,
    fired,
    left,
    made,
    stored,
)
from tests.support.aws_calls import refusing, watched
from tests.support.clock import START, Clock
from tests.support.logs import Lines, counted

pytestmark = pytest.mark.usefixtures("aws")


def test_the_first_tick_finds_what_was_due_before_it(clock: Clock) -> None:
    """A deployment whose schedule begins late."""
    stored("t", START)
    clock.forward(hours=2)
    assert (timers.fire_due(), fired()) == (1, ["t"])


@pytest.mark.parametrize("over_s", [0, 1, 30, 59])
def test_an_hour_is_not_passed_before_it_is_over_for_a_minute(ticking: Clock, over_s: int) -> None:
    """A transaction that takes long may still write into the hour that is just over."""
    end = START.replace(minute=0, second=0) + timedelta(hours=1)
    ticking.moment = end - timedelta(seconds=1)
    late = made("late", ticking.moment)
    ticking.moment = end + timedelta(seconds=over_s)
    timers.fire_due()
    late.save()
    ticking.forward(minutes=1)
    assert (timers.fire_due(), fired()) == (1, ["late"])


def test_a_tick_asks_for_little(ticking: Clock) -> None:
    """PLAT-20: neither what is due later nor what has fired costs anything."""
    with Timer.batch_write() as batch:
        for number in range(20):
            batch.save(made(f"later{number}", START + timedelta(minutes=10)))
    ticking.forward(minutes=1)
    with watched("dynamodb") as calls:
        assert timers.fire_due() == 0
    assert [name for name, _ in calls] == ["BatchGetItem", "Query"] * timers.SHARDS
    ticking.forward(hours=1)
    timers.fire_due()
    assert cursors() == [epoch_s(ticking.moment) // 3600] * timers.SHARDS


@pytest.mark.usefixtures("one_shard")
@pytest.mark.parametrize("missed", [timedelta(minutes=1), timedelta(hours=5), timedelta(days=7)])
def test_missed_ticks_are_caught_up(ticking: Clock, missed: timedelta) -> None:
    """A week costs a tick a few hundred queries, not one for each of its minutes."""
    for number, due_at in enumerate((START + timedelta(seconds=1), START + missed / 2, START + missed)):
        stored(f"t{number}", due_at)
    ticking.moment = START + missed
    with watched("dynamodb") as calls:
        assert timers.fire_due() == 3
    assert sorted(fired()) == ["t0", "t1", "t2"]
    assert len(calls) < timers.SHARDS * (missed / timedelta(hours=1) + 30)
    assert timers.fire_due() == 0


def test_a_long_silence_is_caught_up_in_bounded_steps(ticking: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "MAX_HOURS", 10)
    monkeypatch.setattr(timers, "STRIDE", 4)
    stored("early", START + timedelta(hours=9))
    stored("last", START + timedelta(hours=29))
    ticking.forward(hours=30)
    ticks: list[list[str]] = []
    for _ in range(5):
        with watched("dynamodb") as calls:
            timers.fire_due()
        ticks.append(fired())
        assert len([name for name, _ in calls if name == "Query"]) <= 12 * timers.SHARDS
    assert ticks == [["early"], [], ["last"], [], []]


def test_a_tick_that_dies_keeps_what_it_has_passed(ticking: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a long catching up ends even where no tick lives long enough for all of it."""
    monkeypatch.setattr(timers, "STRIDE", 10)
    before = cursors()
    ticking.forward(hours=40)
    queried: list[Any] = []
    plain = timers._due

    def dying(*arguments: Any) -> Any:
        queried.append(arguments)
        if len(queried) > 25:
            raise TimeoutError
        return plain(*arguments)

    monkeypatch.setattr(timers, "_due", dying)
    with pytest.raises(TimeoutError):
        timers.fire_due()
    assert cursors() == [before[0] + 20, *before[1:]]


def test_a_minute_that_could_not_be_drained_is_not_passed(ticking: Clock) -> None:
    stored("t", START + timedelta(minutes=1))
    ticking.forward(minutes=30)
    for code, status, error in (
        ("ThrottlingException", 400, ProviderThrottled),
        ("InternalError", 500, ProviderUnavailable),
    ):
        with refusing("sqs", "SendMessage", code, status), pytest.raises(error):
            timers.fire_due()
    ticking.forward(minutes=30)
    assert (timers.fire_due(), fired()) == (1, ["t"])


def test_a_crash_between_sending_and_deleting_sends_again(ticking: Clock) -> None:
    """At least once: the consumer knows it by its id."""
    stored("t", START)
    with refusing("dynamodb", "DeleteItem", "InternalServerError", 500), pytest.raises(ProviderUnavailable):
        timers.fire_due()
    ticking.forward(minutes=10)
    assert timers.fire_due() == 1
    assert fired() == ["t", "t"]


def test_deleting_amid_somebodys_taking_back_is_tried_again(ticking: Clock) -> None:
    stored("t", START)
    with refusing("dynamodb", "DeleteItem", "TransactionConflictException"), pytest.raises(Contended):
        timers.fire_due()
    ticking.forward(minutes=10)
    assert timers.fire_due() == 1


def test_a_timer_that_cannot_be_sent_holds_up_no_other(
    ticking: Clock, logged: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    """PLAT-11: its queue may be gone with its system; it is put off, told of, and found again."""
    stored("aa-stuck", START, queue="timers-of-nobody")
    for timer_id in ONE_OF_EACH_SHARD:
        stored(timer_id, START)
    assert timers.fire_due() == 4
    assert sorted(fired()) == list(ONE_OF_EACH_SHARD)
    assert logged.named("timer.stuck")[0]["timer_id"] == "aa-stuck"
    assert counted(capsys.readouterr().out, "TimerStuck") == [{"TimerStuck": 1}]
    assert left() == ["aa-stuck"]
    ticking.forward(minutes=4)
    assert timers.fire_due() == 0
    assert len(logged.named("timer.stuck")) == 1
    for row in Timer.scan(Timer.queue == "timers-of-nobody"):
        row.update([Timer.queue.set(QUEUE)])
    ticking.forward(minutes=2)
    assert (timers.fire_due(), fired()) == (1, ["aa-stuck"])


def test_a_timer_that_is_broken_holds_up_no_other(ticking: Clock) -> None:
    stored("broken", START).update([Timer.subject.set("{")])
    stored("t", START)
    assert (timers.fire_due(), fired()) == (1, ["t"])


def test_two_ticks_at_once_are_no_error(ticking: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """A tick that takes longer than a minute meets the next: both may send, the cursor only goes on."""
    for timer_id in ONE_OF_EACH_SHARD:
        stored(timer_id, START + timedelta(minutes=1))
    ticking.forward(hours=20)
    plain = timers._due
    state = {"is_inside": False}

    def second_tick_meanwhile(hour: int, shard: int, moment: int) -> Any:
        rows = list(plain(hour, shard, moment))
        if not state["is_inside"]:
            state["is_inside"] = True
            timers.fire_due(ticking.moment + timedelta(hours=3))
        return rows

    monkeypatch.setattr(timers, "_due", second_tick_meanwhile)
    timers.fire_due()
    assert set(fired()) == set(ONE_OF_EACH_SHARD)
    assert cursors() == [epoch_s(ticking.moment) // 3600 + 3] * timers.SHARDS


def test_two_first_ticks_keep_the_cursor_of_one(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timers, "find", lambda *_: None)
    timers.fire_due()
    first = cursors()
    clock.forward(hours=3)
    stored("t", START)
    timers.fire_due(START + timedelta(hours=3))
    assert min(cursors()) >= min(first)
    monkeypatch.undo()


def test_a_clock_that_was_put_back_loses_nothing(ticking: Clock) -> None:
    """Stage `local` lets one return to the real time."""
    ticking.forward(hours=20)
    timers.fire_due()
    ticking.moment = START
    stored("t", START + timedelta(minutes=1))
    ticking.forward(minutes=1, seconds=30)
    assert (timers.fire_due(), fired()) == (1, ["t"])
