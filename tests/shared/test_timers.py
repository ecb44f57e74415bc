"""Timers: each fires when it is due, once, unless it was taken back."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import log, queues, timers
from shared.bus import Envelope, TimerDue
from shared.errors import Conflict
from shared.tables import Transaction, find
from shared.timers import Cursor, Timer
from tests.shared.stored_timers import (
    ONE_OF_EACH_SHARD,
    QUEUE,
    fired,
    left,
    made,
    shard_of,
    stored,
    taken_back,
)
from tests.support.aws_calls import refusing, watched
from tests.support.clock import START, Clock
from tests.support.moto_aws import waiting

pytestmark = pytest.mark.usefixtures("aws")


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


def test_until_a_moment_other_than_now(ticking: Clock) -> None:
    stored("t", START + timedelta(minutes=10))
    assert timers.fire_due(START + timedelta(minutes=9)) == 0
    assert timers.fire_due(START + timedelta(minutes=10)) == 1


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
