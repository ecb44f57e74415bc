"""The outbox: every message that was decided on leaves, by one sender at a time."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import log, outbox
from shared.bus import Button, Contact, Envelope, OutboundHint, OutboundMessage
from shared.clock import epoch_s
from shared.errors import Conflict, ProviderThrottled
from shared.ids import new_id
from shared.outbox import OutboxRow, conversation_key
from shared.tables import Transaction, fetch, find
from tests.support.aws_calls import refusing, watched
from tests.support.clock import START, Clock
from tests.support.logs import Lines, counted
from tests.support.moto_aws import waiting

pytestmark = pytest.mark.usefixtures("aws")
QUEUE = "outgoing-telegram.fifo"
ANNA = Contact(channel="telegram", account_id="bot_anna", chat="700000001")
BORIS = Contact(channel="telegram", account_id="bot_anna", chat="700000002")


def message(text: str = "hello", contact: Contact = ANNA) -> OutboundMessage:
    """A message that is not written yet."""
    return OutboundMessage(id=new_id("msg"), contact=contact, text=text)


def written(*messages: OutboundMessage) -> list[OutboundHint]:
    """The hints of messages whose transaction stands; nobody was told."""
    transaction = Transaction()
    hints = outbox.add(transaction, "org_a", messages or [message()])
    transaction.commit()
    return hints


def row_of(hint: OutboundHint) -> OutboxRow:
    """What is stored of a message."""
    found = find(OutboxRow, conversation_key(hint.message.contact), hint.message.id)
    assert found is not None
    return found


def announced() -> list[OutboundHint]:
    """The hints that lie in the queue, taken out of it."""
    return [Envelope.model_validate_json(body).read(OutboundHint) for body in waiting(QUEUE)]


# writing and announcing


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


# claiming


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


# recording


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


# sweeping


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
    contacts = [Contact(channel="telegram", account_id="a", chat=str(number)) for number in range(16)]
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


# history


def test_history_gives_the_latest_oldest_first() -> None:
    hints = written(*(message(str(number)) for number in range(6)))
    written(message("of another", BORIS))
    outbox.record(hints[0], "sent")
    assert [json.loads(row.message)["text"] for row in outbox.history(ANNA, 4)] == ["2", "3", "4", "5"]
    assert outbox.history(Contact(channel="telegram", account_id="bot_anna", chat="none"), 4) == []
