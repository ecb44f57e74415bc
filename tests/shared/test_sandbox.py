"""The sandbox: what is sent with a test key stays here, wherever it is sent from."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from shared import kept_messages, mail, outbox, queues, sandbox, timers
from shared.bus import Body, Contact, Envelope, OutboundMessage
from shared.clock import now
from shared.errors import SvyazError
from shared.ids import new_id
from shared.kept_messages import keep, kept
from shared.tables import Transaction
from tests.support.clock import stopped
from tests.support.moto_aws import sent_mail, waiting
from tests.support.queue_events import batch, record

pytestmark = pytest.mark.usefixtures("aws")
ORG = "org_lipa"
CONTACT = Contact(channel="telegram", account_id="bot_anna", chat="5")


def _timer(timer_id: str) -> timers.Timer:
    due_at = now() + timedelta(minutes=1)
    return timers.timer("timers-booking", "test.due", due_at, org_id=ORG, timer_id=timer_id, subject={})


def _message() -> OutboundMessage:
    return OutboundMessage(id=new_id("msg"), contact=CONTACT, text="Hello")


def test_nothing_is_a_test_unless_somebody_says_so() -> None:
    assert not sandbox.is_on()
    with sandbox.testing(ORG):
        assert (sandbox.is_on(), sandbox.organisation()) == (True, ORG)
        with sandbox.testing(""):
            assert not sandbox.is_on()
    assert not sandbox.is_on()


def test_a_tests_letter_is_kept_and_a_live_one_leaves() -> None:
    """PLAT-13."""
    with sandbox.testing(ORG):
        mail.send("olga@example.org", "Hello", "A text")
    assert sent_mail() == []
    (letter,) = kept(ORG, 10)
    assert (letter.kind, letter.to, letter.subject, letter.text) == ("letter", "olga@example.org", "Hello", "A text")
    mail.send("olga@example.org", "Hello", "A text")
    assert len(sent_mail()) == 1
    assert len(kept(ORG, 10)) == 1


def test_what_is_kept_lies_sealed() -> None:
    """PLAT-22."""
    kept_id = keep(ORG, "letter", "olga@example.org", "A text", subject="Hello")
    stored = json.dumps(outbox.OutboxRow.get(f"org#{ORG}#sandbox", kept_id).to_simple_dict())
    for part in ("olga", "A text", "Hello"):
        assert part not in stored


def test_what_is_kept_opens_in_its_place_only() -> None:
    kept_id = keep(ORG, "letter", "olga@example.org", "A text")
    row = outbox.OutboxRow.get(f"org#{ORG}#sandbox", kept_id)
    row.pk = "org#org_wheel#sandbox"
    row.save()
    with pytest.raises(SvyazError):
        kept("org_wheel", 10)


def test_it_is_kept_for_a_week(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = stopped(monkeypatch)
    keep(ORG, "letter", "olga@example.org", "A text")
    clock.forward(days=7, seconds=-1)
    assert len(kept(ORG, 10)) == 1
    clock.forward(seconds=1)
    assert kept(ORG, 10) == []


def test_a_message_is_kept_once() -> None:
    name = new_id("msg")
    assert keep(ORG, "message", "telegram 5", "Hello", message_id=name) == keep(
        ORG, "message", "telegram 5", "Hello", message_id=name
    )
    assert len(kept(ORG, 10)) == 1


def test_envelopes_carry_the_test_on_and_its_organisation() -> None:
    """PLAT-13: a letter is written by another function than the one that was called."""
    with sandbox.testing(ORG):
        sent = queues.envelope("some.thing", Body(), org_id="org_none", actor="test")
    assert (sent.is_test, sent.org_id) == (True, ORG)
    assert not queues.envelope("some.thing", Body(), org_id="org_none", actor="test").is_test
    seen: list[tuple[bool, str]] = []

    @queues.consumer("timers-booking")
    def consume(message: Envelope) -> None:
        seen.append((sandbox.is_on(), queues.envelope("next", Body(), org_id="org_none", actor="test").org_id))

    live = sent.model_copy(update={"is_test": False})
    consume(batch(record(sent.model_dump_json()), record(live.model_dump_json())))
    assert seen == [(True, ORG), (False, "org_none")]


def test_an_envelope_of_an_older_version_is_meant() -> None:
    old: dict[str, Any] = queues.envelope("some.thing", Body(), org_id=ORG, actor="test").model_dump(mode="json")
    del old["is_test"]
    assert not Envelope.model_validate(old).is_test


def test_the_outbox_marks_what_a_test_says() -> None:
    transaction = Transaction()
    with sandbox.testing(ORG):
        (hint,) = outbox.add(transaction, ORG, [_message()])
    (live,) = outbox.add(transaction, ORG, [_message()])
    transaction.commit()
    assert (hint.message.is_test, live.message.is_test) == (True, False)
    stored = outbox.OutboxRow.get(outbox.conversation_key(CONTACT), hint.message.id)
    assert OutboundMessage.model_validate_json(stored.message).is_test
    assert waiting("outgoing-telegram.fifo") == []


def test_a_timer_of_a_test_fires_as_a_test() -> None:
    transaction = Transaction()
    with sandbox.testing(ORG):
        timers.add(transaction, _timer("tested"))
    timers.add(transaction, _timer("meant"))
    transaction.commit()
    timers.fire_due(now() + timedelta(minutes=2))
    fired = [Envelope.model_validate_json(body) for body in waiting("timers-booking")]
    assert {message.id: message.is_test for message in fired} == {"tested": True, "meant": False}


def test_only_the_newest_are_told_and_older_ones_asked_for() -> None:
    names = [keep(ORG, "letter", "olga@example.org", str(number)) for number in range(5)]
    assert [message.id for message in kept(ORG, 2)] == names[:2:-1]
    assert [message.id for message in kept(ORG, 2, before=names[3])] == names[2:0:-1]
    assert kept_messages.kept("org_wheel", 10) == []
