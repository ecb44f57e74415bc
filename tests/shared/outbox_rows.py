"""Messages in the outbox, and what its queue was told of them."""

from __future__ import annotations

from shared import outbox
from shared.bus import Contact, Envelope, OutboundHint, OutboundMessage
from shared.ids import new_id
from shared.outbox import OutboxRow, conversation_key
from shared.tables import Transaction, find
from tests.support.moto_aws import waiting

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
