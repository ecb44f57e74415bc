"""The sweeper: what was decided on and is not sent is announced again."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from shared import log, outbox
from shared.bus import Contact, OutboundHint
from shared.clock import epoch_s
from shared.errors import ProviderThrottled
from shared.outbox import OutboxRow, conversation_key
from shared.tables import fetch
from tests.shared.outbox_rows import BORIS, QUEUE, announced, message, row_of, written
from tests.support.aws_calls import refusing
from tests.support.clock import START, Clock
from tests.support.logs import Lines, counted
from tests.support.moto_aws import waiting

pytestmark = pytest.mark.usefixtures("aws")


def test_only_what_nobody_holds_is_leased_again(clock: Clock) -> None:
    (old,) = written(message("old"))
    clock.forward(seconds=30)
    (young,) = written(message("young"))
    clock.forward(seconds=30)
    assert outbox.sweep() == 1
    (hint,) = announced()
    assert hint.message == old.message
    assert hint.lease_until == clock.moment + timedelta(seconds=60)
    assert row_of(old).lease == hint.lease
    assert row_of(young).lease == young.lease


def test_a_message_of_this_moment_is_left_to_its_hint(clock: Clock) -> None:
    written()
    clock.forward(seconds=59)
    assert outbox.sweep() == 0


def test_pauses_grow_until_it_is_given_up(clock: Clock, logged: Lines, capsys: pytest.CaptureFixture[str]) -> None:
    (hint,) = written()
    pauses = []
    for _ in range(1000):
        clock.moment = START.fromtimestamp(row_of(hint).try_at, START.tzinfo)
        if outbox.sweep() == 0:
            break
        pauses.append(row_of(hint).try_at - epoch_s(clock.moment))
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600]
    row = row_of(hint)
    assert (row.status, row.reason, row.attempts) == ("failed", "tried too often", outbox.MAX_ATTEMPTS)
    assert counted(capsys.readouterr().out, "MessageGivenUp") == [{"MessageGivenUp": 1, "channel": "telegram"}]
    assert logged.named("message.stuck") == []
    clock.forward(days=1)
    assert outbox.sweep() == 0
    assert len(announced()) == len(pauses)


def test_the_order_of_a_conversation_is_kept_by_the_sweeper(clock: Clock) -> None:
    first, second, third = (message(str(number)) for number in range(3))
    written(third)
    written(first)
    written(second)
    clock.forward(seconds=60)
    assert outbox.sweep() == 3
    assert [hint.message.text for hint in announced()] == ["0", "1", "2"]


def test_conversations_of_all_shards_are_swept(clock: Clock) -> None:
    contacts = [Contact(channel="telegram", account_id="a", chat=str(number)) for number in range(64)]
    hints = written(*(message("t", contact) for contact in contacts))
    rows = fetch([(OutboxRow, conversation_key(hint.message.contact), hint.message.id) for hint in hints])
    assert {row.unsent_shard for row in rows} == {"0", "1", "2", "3"}
    clock.forward(seconds=60)
    assert outbox.sweep() == len(contacts)


def test_a_sweep_takes_a_bounded_number_and_the_next_goes_on(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "SWEPT_MOST", 3)
    for number in range(7):
        written(message(str(number)))
        clock.forward(seconds=1)
    clock.forward(seconds=60)
    assert [outbox.sweep() for _ in range(4)] == [3, 3, 1, 0]
    assert sorted(hint.message.text for hint in announced()) == [str(number) for number in range(7)]


def test_the_correlation_of_the_first_trigger_comes_back(clock: Clock) -> None:
    """PLAT-40: a message that is sent an hour later still tells what it answers."""
    with log.context(correlation_id="cor_first"):
        written()
    clock.forward(hours=1)
    with log.context(correlation_id="cor_sweep"):
        outbox.sweep()
    assert json.loads(waiting(QUEUE)[0])["correlation_id"] == "cor_first"


def _of_an_older_form(row: OutboxRow) -> None:
    row.update([OutboxRow.message.set('{"contact":{"channel":"telegram"}}')])


def _of_no_form(row: OutboxRow) -> None:
    row.update([OutboxRow.message.set("{")])


def _of_a_channel_that_is_gone(row: OutboxRow) -> None:
    row.update([OutboxRow.message.set(row.message.replace('"telegram"', '"pigeon"'))])


@pytest.mark.parametrize("spoil", [_of_an_older_form, _of_no_form, _of_a_channel_that_is_gone])
def test_a_message_that_cannot_be_sent_holds_up_no_other(
    clock: Clock, logged: Lines, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[OutboxRow], None]
) -> None:
    """PLAT-11: also when it is given up at last."""
    monkeypatch.setattr(outbox, "MAX_ATTEMPTS", 3)
    bad, good = written(message("bad"), message("good", BORIS))
    spoil(row_of(bad))
    clock.forward(seconds=60)
    assert outbox.sweep() == 1
    assert [hint.message for hint in announced()] == [good.message]
    assert logged.named("message.stuck")[0]["message_id"] == bad.message.id
    outbox.record(outbox.claim(OutboundHint(**{**dict(good), "lease": row_of(good).lease})), "sent")
    for _ in range(outbox.MAX_ATTEMPTS):
        clock.forward(hours=2)
        assert outbox.sweep() == 0
    assert row_of(bad).status == "failed"


def test_a_database_that_asks_for_a_pause_ends_the_sweep(clock: Clock) -> None:
    written()
    clock.forward(seconds=60)
    with refusing("dynamodb", "UpdateItem", "ThrottlingException"), pytest.raises(ProviderThrottled):
        outbox.sweep()
    assert outbox.sweep() == 1
