"""What booking's HTTP API takes and gives."""

from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from functions.booking.models import BookingStatus, Code, Key, Name, Zone
from shared.bus import Value

FIRST_YEAR = 2020
LAST_YEAR = 2100


def _within_reach(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR} is wanted")
    return moment


def _day_within_reach(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR} is wanted")
    return day


class MasterPath(Value):
    """A master's address."""

    code: Code


class PlaceView(Value):
    """A place as clients see it."""

    key: Key
    name: str
    address: str
    zone: str


class ServiceView(Value):
    """A service as clients see it.

    Units: the price is in kopecks.
    """

    key: Key
    name: str
    duration_min: int
    price_kopecks: int | None
    places: tuple[Key, ...]


class MasterView(Value):
    """A master as clients see him."""

    code: Code
    name: str
    about: str
    places: tuple[PlaceView, ...]
    services: tuple[ServiceView, ...]


class SlotQuery(Value):
    """Which free times are asked for; `from` and `days` count in the place's own zone."""

    service: Key
    place: Key | None = None
    from_: Annotated[Annotated[date, AfterValidator(_day_within_reach)] | None, Field(alias="from")] = None
    days: Annotated[int, Field(ge=1, le=62)] = 7
    limit: Annotated[int, Field(ge=1, le=200)] = 100
    cursor: Annotated[str, Field(max_length=300)] | None = None


class Slot(Value):
    """A free time, with the offset of the place."""

    start: AwareDatetime
    end: AwareDatetime


class SlotPage(Value):
    """Free times in order; `next_cursor` is there when there are more."""

    items: tuple[Slot, ...]
    next_cursor: str | None = None


class BookingRequest(Value):
    """What a client wants to book."""

    service: Key
    place: Key | None = None
    start: Annotated[AwareDatetime, AfterValidator(_within_reach), Field(examples=["2026-11-23T10:00:00+03:00"])]
    client_name: Name
    comment: Annotated[str, Field(max_length=500)] = ""


class BookingView(Value):
    """A booking as the client who made it sees it."""

    id: Annotated[str, Field(examples=["bkg_01a1f9708b7e7a698a78fc280d7dc2d3"])]
    status: BookingStatus
    service: Annotated[str, Field(examples=["Маникюр"])]
    place: Annotated[str, Field(examples=["Студия «Липа»"])]
    address: Annotated[str, Field(examples=["Липовая аллея, 7"])]
    start: datetime
    end: datetime
    price_kopecks: int | None = None


class AgendaQuery(Value):
    """Which bookings are asked for: those from the beginning of a day in a zone, today's if none is named."""

    from_: Annotated[Annotated[date, AfterValidator(_day_within_reach)] | None, Field(alias="from")] = None
    zone: Zone = "UTC"
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=300)] | None = None


class AgendaEntry(Value):
    """A booking as the master and his organisation see it."""

    id: str
    status: BookingStatus
    master_id: str
    client_name: str
    comment: str
    service: str
    place: str
    start: datetime
    end: datetime


class AgendaPage(Value):
    """Bookings in the order of their starts; `next_cursor` is there when there are more."""

    items: tuple[AgendaEntry, ...]
    next_cursor: str | None = None
