"""What a client and a master agree on: a service at a place, a time, and so a booking. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from functions.booking.models import Booking, BookingStatus, Master, Place, Service
from shared.bus import Contact
from shared.errors import InvalidField


@dataclass(frozen=True)
class Client:
    """Who books."""

    id: str
    name: str
    contact: Contact | None = None
    language: str = "en"
    comment: str = ""


def chosen(master: Master, service_key: str, place_key: str | None) -> tuple[Service, Place]:
    """The service and the place of a request; a service of one place needs no naming of it.

    Raises: InvalidField.
    """
    service = master.service(service_key)
    if service is None:
        raise InvalidField("This master has no such service.")
    places = {place.key: place for place in master.places_of(service)}
    if place_key is None and len(places) > 1:
        raise InvalidField("This service is offered at several places: name one.")
    place = next(iter(places.values())) if place_key is None else places.get(place_key)
    if place is None:
        raise InvalidField("This service is not offered at that place.")
    return service, place


def new_booking(  # each is a fact of the booking
    master: Master, service: Service, place: Place, start: datetime, client: Client, *, booking_id: str, now: datetime
) -> Booking:
    """A booking that is not yet stored."""
    rules = master.catalogue.rules
    return Booking(
        id=booking_id,
        org_id=master.org_id,
        master_id=master.id,
        code=master.code,
        status=BookingStatus.BOOKED,
        service_key=service.key,
        service_name=service.name,
        place_key=place.key,
        place_name=place.name,
        address=place.address,
        zone=place.zone,
        price_kopecks=service.price_kopecks,
        start=start,
        end=start + timedelta(minutes=service.duration_min),
        buffer_before_min=rules.buffer_before_min,
        buffer_after_min=rules.buffer_after_min,
        reminders_min=rules.reminders_min,
        client_id=client.id,
        client_name=client.name,
        comment=client.comment,
        contact=client.contact,
        language=client.language,
        created_at=now,
    )
