"""HTTP routes of booking: what anybody may ask, and what is ahead for those who do the work."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from functions.booking import agenda, public
from functions.booking.views import (
    AgendaPage,
    AgendaQuery,
    BookingRequest,
    BookingView,
    MasterPath,
    MasterView,
    SlotPage,
    SlotQuery,
)
from shared.errors import Contended, InvalidField, NotFound, SlotTaken
from shared.http.api import Api
from shared.http.app import http_app
from shared.http.operations import Rate
from shared.http.requests import Request, idempotency_key
from shared.rights import PUBLIC, Right

api = Api("booking")


@api.get(
    "/v1/booking/masters/{code}",
    "A master's services and places",
    access=PUBLIC,
    params=MasterPath,
    answer=MasterView,
    rate=Rate(120, 60),
    errors=(NotFound,),
    cors=True,
)
def read_master(_request: Request[None, None], code: str) -> MasterView:
    """A master as clients see him."""
    return public.view(code)


@api.get(
    "/v1/booking/masters/{code}/slots",
    "Free times for a service, in order",
    access=PUBLIC,
    params=MasterPath,
    query=SlotQuery,
    answer=SlotPage,
    rate=Rate(120, 60),
    errors=(NotFound, InvalidField),
    cors=True,
)
def list_slots(request: Request[SlotQuery, None], code: str) -> SlotPage:
    """A page of free times."""
    return public.free_slots(code, request.query)


@api.post(
    "/v1/booking/masters/{code}/bookings",
    "Books a free time; a time that is taken is answered with others",
    access=PUBLIC,
    params=MasterPath,
    body=BookingRequest,
    answer=BookingView,
    status=201,
    rate=Rate(60, 60),
    errors=(NotFound, InvalidField, SlotTaken, Contended),
    takes_idempotency_key=True,
    cors=True,
)
def create_booking(request: Request[None, BookingRequest], code: str) -> BookingView:
    """The booking that was made."""
    made = public.book(code, request.body, idempotency_key(request.headers), request.source_ip, request.raw_body)
    zone = ZoneInfo(made.zone)
    return BookingView(
        id=made.id,
        status=made.status,
        service=made.service_name,
        place=made.place_name,
        address=made.address,
        start=made.start.astimezone(zone),
        end=made.end.astimezone(zone),
        price_kopecks=made.price_kopecks,
    )


@api.get(
    "/v1/booking/bookings",
    "The bookings ahead of all masters of the organisation, by their start",
    access=Right.BOOKINGS_READ,
    query=AgendaQuery,
    answer=AgendaPage,
    errors=(InvalidField,),
)
def list_bookings(request: Request[AgendaQuery, None]) -> AgendaPage:
    """A page of bookings that stand."""
    return agenda.of_organisation(request.caller.org_id, request.query)


@api.get(
    "/v1/booking/own-bookings",
    "The bookings ahead of the master who asks, by their start",
    access=Right.BOOKINGS_READ_OWN,
    query=AgendaQuery,
    answer=AgendaPage,
    errors=(InvalidField,),
)
def list_own_bookings(request: Request[AgendaQuery, None]) -> AgendaPage:
    """A page of the caller's own bookings that stand."""
    caller = request.caller
    return agenda.of_master(caller.org_id, caller.master_id, request.query)


app = http_app(api)
