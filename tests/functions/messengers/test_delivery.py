"""Delivery of what lies in the outbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from functions.messengers import delivery
from functions.messengers.channels import base
from shared import kept_messages, outbox, queues, sandbox
from shared.bus import Contact, OutboundHint, OutboundMessage
from shared.clock import now
from shared.errors import Conflict, ProviderRejected, ProviderThrottled
from shared.ids import new_id
from shared.outbox import OutboxRow, conversation_key
from shared.tables import Transaction

pytestmark = pytest.mark.usefixtures("aws")
CONTACT = Contact(channel="telegram", account_id="bot_anna", chat="5")


class Recorder:
    """A sender that takes what it is given, or fails as told."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.failure: Exception | None = None

    def send(self, message: OutboundMessage) -> str:
        """The number of the message."""
        if self.failure is not None:
            raise self.failure
        self.taken.append(message.id)
        return f"provider-{len(self.taken)}"


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """The sender of every channel."""
    recorder = Recorder()
    monkeypatch.setattr(base, "sender", lambda _: recorder)
    return recorder


def _written() -> OutboundHint:
    transaction = Transaction()
    message = OutboundMessage(id=new_id("msg"), contact=CONTACT, text="Hello")
    (hint,) = outbox.add(transaction, "org_lipa", [message])
    transaction.commit()
    return hint


def _deliver(hint: OutboundHint) -> None:
    delivery.deliver(queues.envelope(outbox.SEND, hint, org_id="org_lipa", actor="test"))


def _row(hint: OutboundHint) -> OutboxRow:
    return OutboxRow.get(conversation_key(CONTACT), hint.message.id)


def test_a_message_is_sent_and_its_row_knows(sender: Recorder) -> None:
    hint = _written()
    _deliver(hint)
    row = _row(hint)
    assert (row.status, row.provider_id) == ("sent", "provider-1")
    assert row.unsent_shard is None


def test_a_tests_message_is_kept_and_never_sent(sender: Recorder) -> None:
    """PLAT-13."""
    with sandbox.testing("org_lipa"):
        hint = _written()
    _deliver(hint)
    assert sender.taken == []
    assert _row(hint).status == "sent"
    (kept,) = kept_messages.kept("org_lipa", 10)
    assert (kept.kind, kept.to, kept.text) == ("message", "telegram 5", "Hello")


def test_a_refusal_is_kept_with_its_reason(sender: Recorder) -> None:
    sender.failure = ProviderRejected("Telegram refused: bot was blocked by the user")
    hint = _written()
    _deliver(hint)
    row = _row(hint)
    assert row.status == "failed"
    assert "blocked" in str(row.reason)


def test_what_may_work_later_comes_back(sender: Recorder) -> None:
    sender.failure = ProviderThrottled("pause", retry_after_s=3)
    hint = _written()
    with pytest.raises(ProviderThrottled):
        _deliver(hint)
    sender.failure = None
    _deliver(hint)
    assert _row(hint).status == "sent"


def test_a_late_hint_claims_anew_and_only_one_of_two_sends(sender: Recorder) -> None:
    """The lease: whoever comes after it has to claim the row."""
    hint = _written().model_copy(update={"lease_until": now() - timedelta(seconds=1)})
    _deliver(hint)
    with pytest.raises(Conflict):
        _deliver(hint)
    assert len(sender.taken) == 1


def test_a_message_that_is_sent_is_not_sent_by_a_late_hint(sender: Recorder) -> None:
    hint = _written()
    _deliver(hint)
    with pytest.raises(Conflict):
        _deliver(hint.model_copy(update={"lease_until": now()}))
    assert len(sender.taken) == 1


def test_a_crash_between_the_call_and_our_record_sends_again(sender: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    """A chat message may come twice; none is lost."""
    hint = _written()
    with monkeypatch.context() as patch:
        patch.setattr(outbox, "record", lambda *_args, **_kw: (_ for _ in ()).throw(RuntimeError("killed")))
        with pytest.raises(RuntimeError):
            _deliver(hint)
    assert outbox.sweep(now() + timedelta(seconds=61)) == 1
    assert _row(hint).attempts == 2
