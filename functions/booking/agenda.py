"""What is ahead: the bookings of an organisation, or of one master, for those who do the work."""

from __future__ import annotations

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from functions.booking.models import Booking
from functions.booking.tables import bookings_of_master, bookings_of_organisation, position
from functions.booking.views import AgendaEntry, AgendaPage, AgendaQuery
from shared import cursors
from shared.clock import now

ORGANISATION, MASTER = "agenda", "own-agenda"


def of_organisation(org_id: str, query: AgendaQuery) -> AgendaPage:
    """A page of all masters' bookings."""
    listing = f"{ORGANISATION}:{org_id}"
    return _page(listing, query, bookings_of_organisation(org_id, _after(listing, query), query.limit + 1))


def of_master(org_id: str, master_id: str, query: AgendaQuery) -> AgendaPage:
    """A page of one master's bookings; empty for who is none."""
    listing = f"{MASTER}:{org_id}:{master_id}"
    after = _after(listing, query)
    return _page(listing, query, bookings_of_master(org_id, master_id, after, query.limit + 1) if master_id else [])


def _after(listing: str, query: AgendaQuery) -> str:
    """Where the page begins: behind the last one, or behind everything before the day."""
    if query.cursor:
        return cursors.position(listing, query.cursor)
    zone = ZoneInfo(query.zone)
    day = query.from_ or now().astimezone(zone).date()
    return datetime.combine(day, time(), zone).astimezone(UTC).isoformat()


def _page(listing: str, query: AgendaQuery, found: list[Booking]) -> AgendaPage:
    page = found[: query.limit]
    more = cursors.cursor(listing, position(page[-1])) if len(found) > query.limit else None
    return AgendaPage(items=tuple(_entry(booking) for booking in page), next_cursor=more)


def _entry(booking: Booking) -> AgendaEntry:
    zone = ZoneInfo(booking.zone)
    return AgendaEntry(
        id=booking.id,
        status=booking.status,
        master_id=booking.master_id,
        client_name=booking.client_name,
        comment=booking.comment,
        service=booking.service_name,
        place=booking.place_name,
        start=booking.start.astimezone(zone),
        end=booking.end.astimezone(zone),
    )
