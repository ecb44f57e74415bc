"""The outbox: every message that was decided on leaves, by one sender at a time."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import log, outbox
from shared.bus import Button, Contact, Envelope, OutboundHint, OutboundMessage
from shared.clock import epoch_s
from shared.errors import Conflict
from shared.ids import new_id
from shared.outbox import OutboxRow, conversation_key
from shared.tables import Transaction, find
from tests.shared.outbox_rows import ANNA, BORIS, announced, message, row_of, written
from tests.support.aws_calls import refusing, watched
from tests.support.clock import START, Clock

pytestmark = pytest.mark.usefixtures("aws")


def test_a_row_and_a_hint_belong_together(clock: Clock) -> None:
    with log.context(correlation_id="cor_1"):
        (hint,) = written()
    row = row_of(hint)
    assert (row.status, row.attempts, row.org_id, row.correlation_id) == ("unsent", 1, "org_a", "cor_1")
    assert (row.lease, row.try_at) == (hint.lease, epoch_s(hint.lease_until))
    assert hint.lease_until == START + timedelta(seconds=60)
    assert OutboundMessage.model_validate_json(row.message) == hint.message
    assert row.expires_at is not None
    assert row.expires_at > epoch_s(START + timedelta(days=29))


def test_nothing_is_written_where_the_decision_fails() -> None:
    transaction = Transaction()
    (hint,) = outbox.add(transaction, "org_a", [message()])
    transaction.delete(OutboxRow("none", "none"), condition=OutboxRow.pk.exists(), otherwise=Conflict("no"))
    with pytest.raises(Conflict):
        transaction.commit()
    assert find(OutboxRow, conversation_key(ANNA), hint.message.id) is None


def test_a_whole_message_survives() -> None:
    button = Button(label="Да ✅", payload="c:anna:1")
    said = OutboundMessage(
        id=new_id("msg"),
        contact=Contact(channel="telegram", account_id="b", chat="1", route="r"),
        text="Привет \U0001f600\n",
        buttons=((button,), (button, button)),
        edits="77",
        receipt="cb",
        answers="label",
        reply_to="e1",
    )
    hints = written(said)
    outbox.announce("org_a", hints)
    assert announced() == hints
    assert hints[0].message == said


def test_a_hint_names_conversation_and_lease(aws: None) -> None:
    (hint,) = written()
    with log.context(correlation_id="cor_1"), watched("sqs") as calls:
        outbox.announce("org_a", [hint])
    (sent,) = [given for name, given in calls if name == "SendMessage"]
    assert sent["MessageGroupId"] == conversation_key(ANNA)
    assert sent["MessageDeduplicationId"] == hint.lease
    envelope = Envelope.model_validate_json(sent["MessageBody"])
    assert (envelope.type, envelope.org_id, envelope.actor) == ("message.send", "org_a", "outbox")
    assert envelope.correlation_id == "cor_1"


def test_hints_keep_the_order_of_a_conversation() -> None:
    hints = written(*(message(str(number)) for number in range(5)))
    outbox.announce("org_a", hints)
    assert [hint.message.text for hint in announced()] == ["0", "1", "2", "3", "4"]
    assert [json.loads(row.message)["text"] for row in outbox.history(ANNA, 10)] == ["0", "1", "2", "3", "4"]


def test_a_hint_that_fails_fails_nothing(clock: Clock) -> None:
    """The row is the truth: the sweeper finds it a minute later."""
    hints = written()
    with refusing("sqs", "SendMessage", "InternalError", 500):
        outbox.announce("org_a", hints)
    clock.forward(seconds=60)
    assert outbox.sweep() == 1
    assert [hint.message for hint in announced()] == [hints[0].message]


def test_the_same_hint_twice_is_one_message() -> None:
    hints = written()
    outbox.announce("org_a", hints)
    outbox.announce("org_a", hints)
    assert len(announced()) == 1


@given(chat=st.text(min_size=1, max_size=128), account=st.text(alphabet="ab:", max_size=5))
def test_a_conversations_key_hides_the_address(chat: str, account: str) -> None:
    key = conversation_key(Contact(channel="telegram", account_id=account, chat=chat))
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")
    assert key == conversation_key(Contact(channel="telegram", account_id=account, chat=chat, route="elsewhere"))


def test_conversations_are_told_apart() -> None:
    contacts = [
        Contact(channel=channel, account_id=account, chat=chat)
        for channel in ("telegram", "webchat")
        for account in ("a", "b")
        for chat in ("1", "2")
    ]
    assert len({conversation_key(contact) for contact in contacts}) == len(contacts)


def test_a_lease_that_ended_is_claimed_anew(clock: Clock) -> None:
    (hint,) = written()
    clock.forward(seconds=100)
    fresh = outbox.claim(hint)
    assert fresh.message == hint.message
    assert fresh.lease != hint.lease
    assert fresh.lease_until == clock.moment + timedelta(seconds=60)
    row = row_of(hint)
    assert (row.lease, row.attempts, row.try_at) == (fresh.lease, 2, epoch_s(fresh.lease_until))


def test_one_of_two_contenders_wins(clock: Clock) -> None:
    """PLAT-21: both hold the same hint, as after a redelivery."""
    (hint,) = written()
    clock.forward(seconds=100)
    winner = outbox.claim(hint)
    with pytest.raises(Conflict):
        outbox.claim(hint)
    assert row_of(hint).lease == winner.lease


def test_the_sweeper_and_a_late_hint_do_not_both_win(clock: Clock) -> None:
    (hint,) = written()
    clock.forward(seconds=100)
    assert outbox.sweep() == 1
    with pytest.raises(Conflict):
        outbox.claim(hint)


def test_the_sweeper_passes_over_what_was_claimed_meanwhile(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index may show it a row as it was a moment ago."""
    (hint,) = written()
    clock.forward(seconds=100)
    stale = list(outbox._due(int(row_of(hint).unsent_shard), epoch_s(clock.moment)))
    fresh = outbox.claim(hint)
    monkeypatch.setattr(outbox, "_due", lambda shard, _: stale if shard == 0 else [])
    assert outbox.sweep() == 0
    assert announced() == []
    assert row_of(hint).lease == fresh.lease


@pytest.mark.parametrize("status", ["sent", "failed"])
def test_what_has_ended_is_not_claimed(status: str) -> None:
    (hint,) = written()
    outbox.record(hint, status)
    with pytest.raises(Conflict):
        outbox.claim(hint)


def test_a_message_that_was_never_written_is_not_claimed() -> None:
    lost = OutboundHint(message=message(), lease_until=START, lease="lea_1")
    with pytest.raises(Conflict):
        outbox.claim(lost)
    with pytest.raises(Conflict):
        outbox.record(lost, "sent")
    assert find(OutboxRow, conversation_key(ANNA), lost.message.id) is None


@pytest.mark.parametrize(
    ("status", "more"), [("sent", {"provider_id": "77"}), ("failed", {"reason": "blocked by the person"}), ("sent", {})]
)
def test_an_end_is_noted_and_the_row_leaves_the_list(clock: Clock, status: str, more: dict[str, Any]) -> None:
    (hint,) = written()
    outbox.record(hint, status, **more)
    row = row_of(hint)
    assert (row.status, row.provider_id, row.reason) == (status, more.get("provider_id"), more.get("reason"))
    assert not {"unsent_shard", "try_at", "lease"} & row.attribute_values.keys()
    clock.forward(days=1)
    assert outbox.sweep() == 0


def test_whoever_lost_the_lease_records_nothing(clock: Clock) -> None:
    (hint,) = written()
    clock.forward(seconds=100)
    fresh = outbox.claim(hint)
    with pytest.raises(Conflict):
        outbox.record(hint, "failed", reason="late")
    assert row_of(hint).status == "unsent"
    outbox.record(fresh, "sent")
    assert row_of(hint).status == "sent"


def test_an_end_is_final() -> None:
    """A late event never moves a status back."""
    (hint,) = written()
    outbox.record(hint, "sent", provider_id="1")
    with pytest.raises(Conflict):
        outbox.record(hint, "failed")
    assert row_of(hint).status == "sent"


def test_history_gives_the_latest_oldest_first() -> None:
    hints = written(*(message(str(number)) for number in range(6)))
    written(message("of another", BORIS))
    outbox.record(hints[0], "sent")
    assert [json.loads(row.message)["text"] for row in outbox.history(ANNA, 4)] == ["2", "3", "4", "5"]
    assert outbox.history(Contact(channel="telegram", account_id="bot_anna", chat="none"), 4) == []
