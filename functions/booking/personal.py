"""What booking keeps of a client: his bookings and his conversation; after a removal, visits without a person."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from functions.booking.bookings import write_nameless
from functions.booking.models import Booking, Conversation
from functions.booking.tables import delete_conversation, every_booking_of, find_booking, find_conversation
from shared.bus import Contact
from shared.contention import ATTEMPTS, give_way
from shared.errors import Contended
from shared.outbox import conversation_key
from shared.personal import Person, Section
from shared.tables import Transaction


def find(person: Person) -> Person | None:
    """The client of this organisation with the chats that his bookings were made in."""
    found = [] if person.user_id else _bookings(person)
    if not found:
        return None
    contacts = dict.fromkeys(_plain(each.contact) for each in found if each.contact is not None)
    return person.model_copy(update={"client_id": found[0].client_id, "contacts": (*person.contacts, *contacts)})


def export(person: Person) -> Iterator[Section]:
    """His bookings, by their start, and his conversations."""
    bookings = _bookings(person)
    if bookings:
        yield Section(name="bookings", items=tuple(_told(each) for each in bookings))
    conversations = [found for contact in person.contacts if (found := _conversation(contact))]
    if conversations:
        yield Section(name="conversations", items=tuple(_said(each) for each in conversations))


def remove(person: Person) -> int:
    """How many bookings lost their person, and how many conversations are gone.

    Shape: time, service and money stay; a visit ahead still takes place, but nobody is reminded of it. A client's
    chats are found by his bookings and somebody's with a login the other way round: what is found by goes last.
    Raises: Contended.
    """
    if person.user_id:
        return sum(_made_nameless(each) for each in _bookings(person)) + _without_conversations(person)
    return _without_conversations(person) + sum(_made_nameless(each) for each in _bookings(person))


def _without_conversations(person: Person) -> int:
    found = [contact for contact in person.contacts if _conversation(contact) is not None]
    for contact in found:
        delete_conversation(conversation_key(contact))
    return len(found)


def _bookings(person: Person) -> list[Booking]:
    """All bookings of the client, of this organisation alone; of somebody with a login those made in his own chats."""
    if person.user_id:
        own = [talk.client_id for contact in person.contacts if (talk := _conversation(contact))]
        return [each for client_id in dict.fromkeys(own) for each in every_booking_of(client_id)]
    if not person.org_id:
        return []
    named = find_booking(person.org_id, person.booking_id) if person.booking_id else None
    client_id = person.client_id or (named.client_id if named else "")
    if not client_id or (named is not None and named.client_id != client_id):
        return []
    found = [each for each in every_booking_of(client_id) if each.org_id == person.org_id]
    known = {each.id for each in found}
    return found if named is None or named.id in known else [*found, named]


def _made_nameless(booking: Booking) -> int:
    for attempt in range(ATTEMPTS):
        present = find_booking(booking.org_id, booking.id)
        if present is None or not (present.client_name or present.comment or present.contact):
            return 0
        transaction = Transaction()
        write_nameless(transaction, present)
        try:
            transaction.commit()
        except Contended:
            give_way("removal", attempt)
        else:
            return 1
    raise Contended("Too many change the same booking.", retry_after_s=1)


def _conversation(contact: Contact) -> Conversation | None:
    return find_conversation(conversation_key(contact), None)[0]


def _plain(contact: Contact) -> Contact:
    return contact.model_copy(update={"route": None})


def _told(booking: Booking) -> dict[str, Any]:
    shown = {
        "id", "status", "service_name", "place_name", "address", "start", "end", "zone", "price_kopecks",
        "client_name", "comment", "contact", "language", "created_at",
    }  # fmt: skip
    return booking.model_dump(mode="json", include=shown, exclude_none=True)


def _said(conversation: Conversation) -> dict[str, Any]:
    return conversation.model_dump(mode="json", include={"name", "language", "masters"})
