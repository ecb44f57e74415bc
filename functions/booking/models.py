"""The values of booking: a master's catalogue, bookings, conversations, and what the HTTP API takes and gives."""

from datetime import date
from enum import StrEnum
from functools import cache
from typing import Annotated, Self
from zoneinfo import available_timezones

from pydantic import AfterValidator, AwareDatetime, Field, model_validator

from functions.booking.slots import GridRule
from shared.bus import Contact, Stored, Value

DAYS_AHEAD_MOST = 366
MINUTES_A_DAY = 1440


@cache
def _zones() -> frozenset[str]:
    """Every zone that there is; finding them out reads hundreds of files."""
    return frozenset(available_timezones())


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("an unknown time zone")
    return name


Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{2,16}$", examples=["anna"])]
Key = Annotated[str, Field(pattern=r"^[a-z0-9]{1,4}$", examples=["1"])]
Zone = Annotated[str, Field(max_length=40, examples=["Europe/Moscow"]), AfterValidator(_known_zone)]
Name = Annotated[str, Field(min_length=1, max_length=120, examples=["Ольга"])]
Minutes = Annotated[int, Field(ge=0, le=MINUTES_A_DAY)]
TimeOfDay = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
Hours = tuple[tuple[TimeOfDay, TimeOfDay], ...]


class Place(Value):
    """Where a master works, and when.

    Shape: `weekly` has seven entries, Monday first, each of several intervals; `overrides` replace a date's hours,
    none closes it.
    """

    key: Key
    name: Name
    address: Annotated[str, Field(max_length=300)] = ""
    zone: Zone
    weekly: Annotated[tuple[Hours, ...], Field(min_length=7, max_length=7)]
    overrides: dict[date, Hours] = Field(default_factory=dict, max_length=500)

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        for day in (*self.weekly, *self.overrides.values()):
            if any(opens >= closes for opens, closes in day):
                raise ValueError("hours end before they start")
        return self


class Service(Value):
    """What a master does.

    Units: the price is in kopecks.
    """

    key: Key
    name: Name
    duration_min: Annotated[int, Field(ge=5, le=MINUTES_A_DAY)]
    price_kopecks: Annotated[int, Field(ge=0, le=10**9)] | None = None
    places: Annotated[tuple[Key, ...], Field(min_length=1)]


class Rules(Value):
    """How a master lets himself be booked."""

    step_min: Annotated[int, Field(ge=5, le=240)] = 30
    buffer_before_min: Minutes = 0
    buffer_after_min: Minutes = 0
    min_notice_min: Annotated[int, Field(ge=0, le=60 * 24 * 30)] = 60
    horizon_days: Annotated[int, Field(ge=1, le=DAYS_AHEAD_MOST)] = 30
    visits_per_day: Annotated[int, Field(ge=1)] | None = None
    grid: GridRule = GridRule.DAY
    reminders_min: Annotated[tuple[Annotated[int, Field(ge=5, le=60 * 24 * 14)], ...], Field(max_length=5)] = (
        1440,
        120,
    )


class Catalogue(Value):
    """What a master offers, as it is imported."""

    code: Code
    name: Name
    about: Annotated[str, Field(max_length=500)] = ""
    places: Annotated[tuple[Place, ...], Field(min_length=1, max_length=20)]
    services: Annotated[tuple[Service, ...], Field(min_length=1, max_length=500)]
    rules: Rules = Field(default_factory=Rules)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        places = [place.key for place in self.places]
        services = [service.key for service in self.services]
        if len(set(places)) < len(places) or len(set(services)) < len(services):
            raise ValueError("a key stands twice")
        unknown = {key for service in self.services for key in service.places} - set(places)
        if unknown:
            raise ValueError(f"services name unknown places: {', '.join(sorted(unknown))}")
        return self


class Master(Value):
    """A master of an organisation with his catalogue."""

    id: str
    org_id: str
    catalogue: Catalogue

    @property
    def code(self) -> str:
        """The short code in the master's links."""
        return self.catalogue.code

    @property
    def zone(self) -> str:
        """The zone whose dates the master's days are kept by."""
        return self.catalogue.places[0].zone

    def service(self, key: str) -> Service | None:
        """The service of that key."""
        return next((service for service in self.catalogue.services if service.key == key), None)

    def place(self, key: str) -> Place | None:
        """The place of that key."""
        return next((place for place in self.catalogue.places if place.key == key), None)

    def places_of(self, service: Service) -> tuple[Place, ...]:
        """Where a service is offered."""
        return tuple(place for place in self.catalogue.places if place.key in service.places)


class Visit(Stored):
    """Time that a booking takes, as a master's day keeps it."""

    booking_id: str
    start: AwareDatetime
    end: AwareDatetime
    service_key: str
    buffer_before_min: int = 0
    buffer_after_min: int = 0


class Day(Value):
    """One local day of a master: the item whose version guards against double booking."""

    date: date
    version: int = 0
    visits: tuple[Visit, ...] = ()


class BookingStatus(StrEnum):
    """Where a booking stands."""

    BOOKED = "booked"
    CANCELLED = "cancelled"


class Booking(Stored):
    """One visit that was agreed."""

    id: str
    org_id: str
    master_id: str
    code: str
    status: BookingStatus
    service_key: str
    service_name: str
    place_key: str
    place_name: str
    address: str
    zone: str
    price_kopecks: int | None = None
    start: AwareDatetime
    end: AwareDatetime
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    reminders_min: tuple[int, ...] = ()
    client_id: str
    client_name: str
    comment: str = ""
    contact: Contact | None = None
    language: str = "en"
    created_at: AwareDatetime


class Offer(Stored):
    """The time that a client was asked to confirm; its token makes the button work once."""

    token: str
    service_key: str
    place_key: str
    start: AwareDatetime


class Conversation(Stored):
    """One person's dialog with us over one account of a channel.

    Shape: `masters` are the names of those whose links the person has followed, by code; `active` is the code of the
    one he books with; `last_booking` is what the confirmed `last_offer` became.
    """

    key: str
    client_id: str
    version: int = 0
    language: str = "en"
    name: str = ""
    masters: dict[str, str] = Field(default_factory=dict)
    active: str = ""
    offer: Offer | None = None
    last_offer: str = ""
    last_booking: str = ""
    is_asked_name: bool = False
