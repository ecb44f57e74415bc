"""What anybody may ask of a master over HTTP: his catalogue, his free times, a booking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from functions.booking import reservation
from functions.booking.agreement import Client, chosen, new_booking
from functions.booking.bookings import write_new
from functions.booking.models import Booking, Master, Place, Service
from functions.booking.tables import find_booking, find_days, find_master
from functions.booking.views import BookingRequest, MasterView, PlaceView, ServiceView, Slot, SlotPage, SlotQuery
from shared import audit, cursors, idempotency, log, timers
from shared.clock import now
from shared.contention import ATTEMPTS, give_way
from shared.errors import Contended, InvalidField, NotFound, SlotTaken
from shared.ids import new_id
from shared.tables import Transaction

LISTING = "slots"
ALTERNATIVES = 8
ONE_DAY = timedelta(days=1)


def view(code: str) -> MasterView:
    """A master as clients see him."""
    catalogue = find_master(code).catalogue
    return MasterView(
        code=catalogue.code,
        name=catalogue.name,
        about=catalogue.about,
        places=tuple(PlaceView(key=p.key, name=p.name, address=p.address, zone=p.zone) for p in catalogue.places),
        services=tuple(
            ServiceView(
                key=s.key, name=s.name, duration_min=s.duration_min, price_kopecks=s.price_kopecks, places=s.places
            )
            for s in catalogue.services
        ),
    )


def free_slots(code: str, query: SlotQuery) -> SlotPage:
    """A page of free times in order."""
    master = find_master(code)
    service, place = chosen(master, query.service, query.place)
    moment = now()
    first = query.from_ or moment.astimezone(ZoneInfo(place.zone)).date()
    after = _position(query.cursor, code) if query.cursor else None
    found = list(islice(_free(master, service, place, first, query.days, moment, after), query.limit + 1))
    page = found[: query.limit]
    more = cursors.cursor(f"{LISTING}:{code}", page[-1].isoformat()) if len(found) > query.limit else None
    return SlotPage(items=tuple(_slot(start, service, place) for start in page), next_cursor=more)


def book(code: str, request: BookingRequest, idempotency_key: str | None, caller: str, raw: bytes) -> Booking:
    """The booking that was made, or that an earlier request with the same key has made.

    Raises: SlotTaken with other free times, Contended where too many try at once.
    """
    master = find_master(code)
    audit.concerns(master.org_id)
    scope = f"{caller}:{master.id}:bookings"
    for attempt in range(ATTEMPTS):
        if idempotency_key and (earlier := idempotency.result_of(scope, idempotency_key, raw)):
            return _made(master, earlier)
        try:
            return _booked(master, request, idempotency_key, scope, raw)
        except SlotTaken:
            if idempotency_key is None or idempotency.result_of(scope, idempotency_key, raw) is None:
                raise
        except (Contended, idempotency.AlreadyDone):
            give_way("booking", attempt)
    raise Contended("Too many book at this moment. Try again.", retry_after_s=1)


def _booked(master: Master, request: BookingRequest, key: str | None, scope: str, raw: bytes) -> Booking:
    service, place = chosen(master, request.service, request.place)
    moment = now()
    start = request.start
    first, last = reservation.dates_around(start, start + timedelta(minutes=service.duration_min), master.zone)
    days = find_days(master, first, last, is_consistent=True)
    if not reservation.availability(master, service, place, days, moment).is_free(start):
        raise SlotTaken(
            "This time is not free. Others are.",
            alternatives=_alternatives(master, service, place, start, moment),
        )
    client = Client(new_id("cli"), request.client_name, comment=request.comment)
    booking = new_booking(master, service, place, start, client, booking_id=new_id("bkg"), now=moment)
    transaction = Transaction()
    if key is not None:
        idempotency.once_for_key(transaction, scope, key, raw, booking.id)
    made = write_new(transaction, master, days, booking)
    transaction.commit()
    timers.announce(made)
    log.count("BookingChanged", effect="Book")
    return booking


def _made(master: Master, booking_id: str) -> Booking:
    booking = find_booking(master.org_id, booking_id)
    if booking is None:
        raise NotFound("What this key has made is gone.")
    return booking


def _alternatives(
    master: Master, service: Service, place: Place, start: datetime, moment: datetime
) -> list[dict[str, str]]:
    day = max(start, moment).astimezone(ZoneInfo(place.zone)).date()
    free = islice(_free(master, service, place, day, 3, moment, None), ALTERNATIVES)
    return [_slot(each, service, place).model_dump(mode="json") for each in free]


def _free(  # each narrows the question
    master: Master,
    service: Service,
    place: Place,
    first: date,
    count: int,
    moment: datetime,
    after: datetime | None,
) -> Iterator[datetime]:
    days = find_days(master, first - ONE_DAY, first + timedelta(days=count), is_consistent=False)
    found = reservation.availability(master, service, place, days, moment)
    for offset in range(count):
        for start in found.free_starts(first + timedelta(days=offset)):
            if after is None or start > after:
                yield start


def _position(cursor: str, code: str) -> datetime:
    try:
        return datetime.fromisoformat(cursors.position(f"{LISTING}:{code}", cursor))
    except ValueError:
        raise InvalidField("This cursor does not belong to this list.") from None


def _slot(start: datetime, service: Service, place: Place) -> Slot:
    zone = ZoneInfo(place.zone)
    return Slot(start=start.astimezone(zone), end=(start + timedelta(minutes=service.duration_min)).astimezone(zone))
