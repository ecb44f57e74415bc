"""HTTP routes of booking: what anybody may ask."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from functions.booking import public
from functions.booking.views import BookingRequest, BookingView, MasterPath, MasterView, SlotPage, SlotQuery
from shared.errors import Contended, InvalidField, NotFound, SlotTaken
from shared.http.api import Api
from shared.http.app import http_app
from shared.http.operations import Rate
from shared.http.requests import Request, idempotency_key

api = Api("booking")


@api.get(
    "/v1/booking/masters/{code}",
    "A master's services and places",
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


app = http_app(api)
