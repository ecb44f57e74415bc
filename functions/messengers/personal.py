"""What the messengers keep of a client: the messages of his chats, for thirty days."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared.bus import OutboundMessage
from shared.ids import moment_of
from shared.outbox import OutboxRow, conversation_key
from shared.personal import Person, Section


def find(_person: Person) -> Person | None:
    """Nobody: a chat is known by its digest alone, and says not whose it is."""
    return None


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
        yield from (row for row in rows if row.org_id == person.org_id)


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
