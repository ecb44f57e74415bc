"""Booking's table: masters, their days, bookings and conversations.

A day is one versioned item: whoever takes or frees time in it writes it on the condition that nobody else has since
he read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from pydantic import TypeAdapter
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from functions.booking.models import Booking, BookingStatus, Catalogue, Conversation, Day, Master, Visit
from shared.clock import epoch_s
from shared.errors import Contended, NotFound
from shared.tables import Table, Transaction, fetch, find

KEPT_AFTER_VISIT = timedelta(days=400)
CONVERSATION_KEPT = timedelta(days=400)
FURTHEST_ZONE = timedelta(days=1)
DAYS_A_PAGE = 14
_VISITS = TypeAdapter(tuple[Visit, ...], config={"defer_build": True})


class ByClient(GlobalSecondaryIndex["BookingItem"]):  # type: ignore[no-untyped-call]  # PynamoDB forgot its types
    """A client's bookings by their start."""

    class Meta:
        """All attributes: the list shows them."""

        index_name = "by_client"
        projection = AllProjection()

    client_key = UnicodeAttribute(hash_key=True)
    start_key = UnicodeAttribute(range_key=True)


class ByOrganisation(GlobalSecondaryIndex["BookingItem"]):  # type: ignore[no-untyped-call]
    """An organisation's bookings that stand, by their start."""

    class Meta:
        """All attributes: the list shows them."""

        index_name = "by_organisation"
        projection = AllProjection()

    org_key = UnicodeAttribute(hash_key=True)
    start_key = UnicodeAttribute(range_key=True)


class BookingItem(Table):
    """What every kind of item in the table has."""

    class Meta:
        """The system's table."""

        name = "booking"

    by_client = ByClient()
    by_organisation = ByOrganisation()
    client_key = UnicodeAttribute(null=True)
    org_key = UnicodeAttribute(null=True)
    start_key = UnicodeAttribute(null=True)
    content = UnicodeAttribute(default="")
    version = NumberAttribute(default=0)


class CodeItem(BookingItem):
    """Whose a link's code is; it never changes hands."""

    org_id = UnicodeAttribute()
    master_id = UnicodeAttribute()


class MasterItem(BookingItem):
    """A master's catalogue; `sequencer` tells which import it came from."""

    sequencer = UnicodeAttribute(default="")


def master_key(org_id: str, master_id: str) -> str:
    """The partition of a master and his days."""
    return f"org#{org_id}#master#{master_id}"


@lru_cache(maxsize=1000)
def _owner(code: str) -> tuple[str, str]:
    found = find(CodeItem, f"code#{code}", "code")
    if found is None:
        raise NotFound("There is no such master.")
    return str(found.org_id), str(found.master_id)


def owner_of(code: str) -> tuple[str, str]:
    """The organisation and the master that a code belongs to; asked once a process, for it never changes.

    Raises: NotFound.
    """
    return _owner(code)


def find_master(code: str) -> Master:
    """The master of a code.

    Raises: NotFound.
    """
    org_id, master_id = owner_of(code)
    row = find(MasterItem, master_key(org_id, master_id), "master", is_consistent=False)
    if row is None:
        raise NotFound("There is no such master.")
    return _master(org_id, master_id, row)


def find_conversation(key: str, code: str | None) -> tuple[Conversation | None, Master | None]:
    """A conversation, and the master of a code, in one request."""
    keys: list[tuple[type[Table], str, str]] = [(BookingItem, conversation_partition(key), "conversation")]
    owner = None
    if code:
        try:
            owner = owner_of(code)
            keys.append((MasterItem, master_key(*owner), "master"))
        except NotFound:
            owner = None
    rows = fetch(keys)
    conversation = None if rows[0] is None else Conversation.model_validate_json(rows[0].content)
    master = _master(*owner, rows[1]) if owner and rows[1] is not None else None
    return conversation, master


def _master(org_id: str, master_id: str, row: MasterItem) -> Master:
    return Master(id=master_id, org_id=org_id, catalogue=Catalogue.model_validate_json(row.content))


def find_days(master: Master, first: date, last: date, *, is_consistent: bool) -> tuple[Day, ...]:
    """The days of a master, from first to last, that hold anything."""
    rows = BookingItem.query(
        master_key(master.org_id, master.id),
        BookingItem.sk.between(f"day#{first.isoformat()}", f"day#{last.isoformat()}"),
        consistent_read=is_consistent,
    )
    return tuple(
        Day(
            date=date.fromisoformat(row.sk.removeprefix("day#")),
            version=int(row.version),
            visits=_VISITS.validate_json(row.content),
        )
        for row in rows
    )


def write_days(transaction: Transaction, master_partition: str, days: Sequence[Day]) -> None:
    """Writes changed days with the transaction, each on the condition that it is still as it was read.

    Raises: Contended, from the transaction's commit.
    """
    for day in days:
        row = BookingItem(
            master_partition,
            f"day#{day.date.isoformat()}",
            content=json.dumps([visit.model_dump(mode="json") for visit in day.visits]),
            version=day.version + 1,
        )
        as_read = (BookingItem.version == day.version) if day.version else BookingItem.pk.does_not_exist()
        transaction.put(row, condition=as_read, otherwise=Contended("Somebody else books this day at this moment."))


def write_booking(transaction: Transaction, booking: Booking, *, was: Booking | None = None) -> None:
    """Writes a booking with the transaction: a new one, or one that still is what it was."""
    row = BookingItem(
        booking_key(booking.org_id, booking.id),
        "booking",
        client_key=f"client#{booking.client_id}",
        org_key=_org_key(booking.org_id) if booking.status is BookingStatus.BOOKED else None,
        start_key=_start_key(booking.start, booking.id),
        content=booking.model_dump_json(exclude_none=True),
        version=1 if was is None else 2,
        expires_at=epoch_s(booking.end + KEPT_AFTER_VISIT),
    )
    if was is None:
        transaction.create(row)
    else:
        unchanged = BookingItem.content == was.model_dump_json(exclude_none=True)
        transaction.put(row, condition=unchanged, otherwise=Contended("Somebody else changes this booking."))


def booking_key(org_id: str, booking_id: str) -> str:
    """The partition of a booking."""
    return f"org#{org_id}#booking#{booking_id}"


def find_booking(org_id: str, booking_id: str) -> Booking | None:
    """A booking of an organisation."""
    row = find(BookingItem, booking_key(org_id, booking_id), "booking")
    return None if row is None else Booking.model_validate_json(row.content)


def bookings_of(client_id: str, since: str, most: int) -> list[Booking]:
    """A client's bookings that start at or after a moment, by their start."""
    rows = BookingItem.by_client.query(f"client#{client_id}", BookingItem.start_key >= since, limit=most)
    return [Booking.model_validate_json(row.content) for row in rows]


def every_booking_of(client_id: str) -> Iterator[Booking]:
    """All bookings of a client that are kept, by their start."""
    rows = BookingItem.by_client.query(f"client#{client_id}")
    return (Booking.model_validate_json(row.content) for row in rows)


def delete_conversation(key: str) -> None:
    """Takes a conversation away."""
    BookingItem(conversation_partition(key), "conversation").delete()


def conversation_partition(key: str) -> str:
    """The partition of a conversation."""
    return f"conversation#{key}"


def bookings_of_organisation(org_id: str, after: str, most: int) -> list[Booking]:
    """An organisation's bookings that stand, by their start, behind a position in that order."""
    rows = BookingItem.by_organisation.query(_org_key(org_id), BookingItem.start_key > after, limit=most)
    return [Booking.model_validate_json(row.content) for row in rows]


def bookings_of_master(org_id: str, master_id: str, after: str, most: int) -> list[Booking]:
    """A master's bookings that stand, by their start, behind a position in that order; told by the master's days."""
    first = datetime.fromisoformat(after.partition("#")[0]) - FURTHEST_ZONE
    days = BookingItem.query(
        master_key(org_id, master_id),
        BookingItem.sk.between(f"day#{first.date().isoformat()}", "day#9"),
        page_size=DAYS_A_PAGE,
    )
    names = list(islice(_booked(days, after), most))
    rows = fetch([(BookingItem, booking_key(org_id, name), "booking") for name in names], is_consistent=False)
    return [Booking.model_validate_json(row.content) for row in rows if row is not None]


def position(booking: Booking) -> str:
    """Where a booking stands in the order of starts."""
    return _start_key(booking.start, booking.id)


def _booked(days: Iterable[BookingItem], after: str) -> Iterator[str]:
    """The bookings of days in the order of their starts; one that two days hold comes once."""
    for day in days:
        visits = _VISITS.validate_json(day.content)
        for key, name in sorted((_start_key(visit.start, visit.booking_id), visit.booking_id) for visit in visits):
            if key > after:
                after = key
                yield name


def _org_key(org_id: str) -> str:
    return f"org#{org_id}#bookings"


def _start_key(start: datetime, booking_id: str) -> str:
    return f"{start.astimezone(UTC).isoformat()}#{booking_id}"


def write_conversation(transaction: Transaction, conversation: Conversation, expires_at: int) -> None:
    """Writes a conversation with the transaction, on the condition that nobody has since it was read."""
    read = conversation.version
    row = BookingItem(
        conversation_partition(conversation.key),
        "conversation",
        content=conversation.model_copy(update={"version": read + 1}).model_dump_json(exclude_none=True),
        version=read + 1,
        expires_at=expires_at,
    )
    as_read = (BookingItem.version == read) if read else BookingItem.pk.does_not_exist()
    transaction.put(row, condition=as_read, otherwise=Contended("This conversation goes on elsewhere at this moment."))
