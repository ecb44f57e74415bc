"""What the messengers keep of a person: the messages of his chats, for thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from functions.messengers.channels.webchat import NAME as WEBCHAT
from functions.messengers.tables import own_chats
from shared.bus import Contact, OutboundMessage
from shared.ids import moment_of
from shared.outbox import OutboxRow, conversation_key
from shared.personal import Person, Section


def find(person: Person) -> Person | None:
    """Somebody who opened web chats signed in; a client's chat is known by its digest alone, and says not whose it is.

    Shape: what points to his chats stays for its time: a removal that was broken off finds them again.
    """
    found = (
        tuple(_own(person.user_id, account_id) for account_id in own_chats(person.user_id)) if person.user_id else ()
    )
    return person.model_copy(update={"contacts": (*person.contacts, *found)}) if found else None


def export(person: Person) -> Iterator[Section]:
    """The messages of his chats, as they were said."""
    rows = tuple(_told(row) for row in _rows(person))
    if rows:
        yield Section(name="messages", items=rows)


def remove(person: Person) -> int:
    """How many messages are gone; what was not sent yet never will be."""
    removed = 0
    for row in _rows(person):
        row.delete()
        removed += 1
    return removed


def _rows(person: Person) -> Iterator[OutboxRow]:
    for contact in person.contacts:
        rows = OutboxRow.query(conversation_key(contact), consistent_read=True)
        yield from (row for row in rows if person.user_id or row.org_id == person.org_id)


def _own(user_id: str, account_id: str) -> Contact:
    return Contact(channel=WEBCHAT, account_id=account_id, chat=user_id)


def _told(row: OutboxRow) -> dict[str, Any]:
    message = OutboundMessage.model_validate_json(row.message)
    told = {
        "at": moment_of(message.id).isoformat(),
        "channel": message.contact.channel,
        "chat": message.contact.chat,
        "you_said": message.answers,
        "we_said": message.text,
        "status": row.status,
    }
    return {name: value for name, value in told.items() if value}
