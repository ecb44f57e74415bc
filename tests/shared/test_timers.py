"""Timers: each fires, late ticks or not, and none holds up another."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import log, queues, timers
from shared.bus import Envelope, TimerDue
from shared.clock import epoch_s
from shared.errors import Conflict, Contended, ProviderThrottled, ProviderUnavailable
from shared.tables import Transaction, find
from shared.timers import Cursor, Timer
from tests.support.aws_calls import refusing, watched
from tests.support.clock import START, Clock
from tests.support.logs import Lines, counted
from tests.support.moto_aws import waiting

pytestmark = pytest.mark.usefixtures("aws")
QUEUE = "timers-booking"
ONE_OF_EACH_SHARD = ("a", "b", "d", "e")


def made(timer_id: str, due_at: datetime, queue: str = QUEUE) -> Timer:
    """A timer that is not stored yet."""
    return timers.timer(queue, "test.due", due_at, org_id="org_a", timer_id=timer_id, subject={"id": timer_id})


def stored(timer_id: str, due_at: datetime, queue: str = QUEUE) -> Timer:
    """A timer that is."""
    transaction, timer = Transaction(), made(timer_id, due_at, queue)
    timers.add(transaction, timer)
    transaction.commit()
    return timer


def taken_back(timer: Timer) -> None:
    """Takes a timer back as a system does, in a transaction."""
    transaction = Transaction()
    timers.take_back(transaction, timer)
    transaction.commit()


def fired() -> list[str]:
    """The ids of the timers that were sent, in order."""
    return [json.loads(body)["body"]["timer_id"] for body in waiting(QUEUE)]


def left() -> list[str]:
    """The ids of the timers that are still stored."""
    return sorted(row.timer_id for row in Timer.scan() if row.pk != "cursor")


def cursors() -> list[int]:
    """The first hour of each shard that is not passed."""
    return [int(Cursor.get("cursor", str(shard)).hour) for shard in range(timers.SHARDS)]


def shard_of(timer_id: str) -> str:
    """The shard that a timer lies in."""
    return str(made(timer_id, START).pk.partition("#")[2])


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


# firing


def test_a_due_timer_fires_once(ticking: Clock) -> None:
    stored("t", START + timedelta(minutes=2))
    assert (timers.fire_due(), fired()) == (0, [])
    ticking.forward(minutes=2)
    assert timers.fire_due() == 1
    assert (fired(), left()) == (["t"], [])
    for _ in range(4):
        ticking.forward(minutes=1)
        assert timers.fire_due() == 0


def test_what_a_timer_says(ticking: Clock) -> None:
    due_at = START + timedelta(seconds=90, microseconds=5)
    timer = timers.timer(
        QUEUE, "booking.reminder", due_at, org_id="org_a", timer_id="bkg_1#60", subject={"booking_id": "bkg_1"}
    )
    timer.save()
    ticking.forward(minutes=5)
    with log.context(correlation_id="cor_tick"):
        timers.fire_due()
    message = Envelope.model_validate_json(waiting(QUEUE)[0])
    assert (message.type, message.org_id, message.id, message.actor) == ("timer.due", "org_a", "bkg_1#60", "timer")
    assert message.correlation_id == "cor_tick"
    due = message.read(TimerDue)
    assert (due.timer_id, due.name, due.subject) == ("bkg_1#60", "booking.reminder", {"booking_id": "bkg_1"})
    assert due.due_at == due_at.replace(microsecond=0)


@pytest.mark.parametrize("apart_s", [1, 20, 1200])
def test_a_later_one_waits(ticking: Clock, apart_s: int) -> None:
    first = START + timedelta(seconds=5)
    second = first + timedelta(seconds=apart_s)
    stored("first", first)
    stored("second", second)
    ticking.moment = first
    assert (timers.fire_due(), fired()) == (1, ["first"])
    ticking.moment = second
    assert (timers.fire_due(), fired()) == (1, ["second"])


def test_timers_of_all_shards_fire(ticking: Clock) -> None:
    assert {shard_of(timer_id) for timer_id in ONE_OF_EACH_SHARD} == {"0", "1", "2", "3"}
    for timer_id in ONE_OF_EACH_SHARD:
        stored(timer_id, START)
    assert timers.fire_due() == 4
    assert sorted(fired()) == list(ONE_OF_EACH_SHARD)


def test_a_timer_of_the_past_fires_now(ticking: Clock) -> None:
    stored("t", START - timedelta(days=30))
    assert (timers.fire_due(), fired()) == (1, ["t"])


def test_many_timers_fire(ticking: Clock) -> None:
    """SQS gives ten messages at a time, a query of DynamoDB so many as fit into a page."""
    with Timer.batch_write() as batch:
        for number in range(30):
            batch.save(made(f"t{number}", START))
    assert timers.fire_due() == 30
    assert sorted(fired()) == sorted(f"t{number}" for number in range(30))


# taking back


def test_a_timer_that_was_taken_back_does_not_fire(ticking: Clock) -> None:
    taken_back(stored("t", START + timedelta(minutes=1)))
    ticking.forward(minutes=3)
    assert timers.fire_due() == 0


def test_a_timer_is_taken_back_by_what_made_it(ticking: Clock) -> None:
    due_at = START + timedelta(hours=3)
    stored("t", due_at)
    ticking.forward(hours=2)
    taken_back(made("t", due_at))
    assert left() == []


def test_taking_back_what_has_fired_is_no_error(ticking: Clock) -> None:
    timer = stored("t", START)
    timers.fire_due()
    taken_back(timer)
    assert fired() == ["t"]


# the cursor


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


def test_until_a_moment_other_than_now(ticking: Clock) -> None:
    stored("t", START + timedelta(minutes=10))
    assert timers.fire_due(START + timedelta(minutes=9)) == 0
    assert timers.fire_due(START + timedelta(minutes=10)) == 1


# announcing


@pytest.mark.parametrize(
    ("ahead_s", "delays"),
    [(-5, [None]), (0, [None]), (1, [1]), (899, [899]), (900, [900]), (901, []), (86_400, [])],
)
def test_a_timer_within_a_queues_delay_is_hinted(clock: Clock, ahead_s: int, delays: list[int | None]) -> None:
    timer = made("t", START + timedelta(seconds=ahead_s))
    with watched("sqs") as calls:
        timers.announce([timer])
    sent = [given for name, given in calls if name == "SendMessage"]
    assert [given.get("DelaySeconds") for given in sent] == delays
    assert all(json.loads(given["MessageBody"])["id"] == "t" for given in sent)


def test_a_hint_says_the_same_as_the_timer_itself(ticking: Clock) -> None:
    timer = stored("t", START)
    timers.announce([timer])
    timers.fire_due()
    hint, itself = (Envelope.model_validate_json(body) for body in waiting(QUEUE))
    assert (hint.id, hint.type, hint.body, hint.org_id) == (itself.id, itself.type, itself.body, itself.org_id)


def test_a_hint_that_fails_fails_nothing(ticking: Clock) -> None:
    """The booking stands; its reminder fires by the tick."""
    timer = stored("t", START)
    with refusing("sqs", "SendMessage", "InternalError", 500):
        timers.announce([timer])
    assert (timers.fire_due(), fired()) == (1, ["t"])


def test_a_timer_belongs_to_its_transaction(ticking: Clock) -> None:
    stored("there", START + timedelta(hours=1))
    transaction = Transaction()
    timers.add(transaction, made("t", START))
    transaction.create(made("there", START + timedelta(hours=1)), otherwise=Conflict("no"))
    with pytest.raises(Conflict):
        transaction.commit()
    assert left() == ["there"]


# any times and ticks


@pytest.mark.usefixtures("one_shard", "ticking")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
@given(
    dues=st.lists(st.integers(0, 9000), min_size=1, max_size=6),
    steps=st.lists(st.integers(1, 4000), min_size=1, max_size=5),
)
def test_every_timer_fires_once_and_never_early(clock: Clock, dues: list[int], steps: list[int]) -> None:
    begun = clock.moment
    with Timer.batch_write() as batch:
        for number, due in enumerate(dues):
            batch.save(made(f"t{number}", begun + timedelta(seconds=due)))
    seen: list[str] = []
    for step in [*steps, 9000]:
        clock.forward(seconds=step)
        timers.fire_due()
        seen += fired()
        passed = (clock.moment - begun).total_seconds()
        assert set(seen) == {f"t{number}" for number, due in enumerate(dues) if due <= passed}
    assert len(seen) == len(dues)


def test_health_finds_the_cursor(ticking: Clock) -> None:
    assert find(Cursor, "cursor", "0") is not None
    assert queues.url(QUEUE)
