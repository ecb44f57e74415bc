"""HTTP routes of the messengers: webhooks, and the web chat's page and tickets."""

from __future__ import annotations

from pathlib import Path

from chalice.app import Response

from functions.messengers import intake, visitors
from functions.messengers.models import (
    AssetPath,
    ChatPath,
    OwnTicket,
    OwnTicketRequest,
    Ticket,
    TicketRequest,
    WebhookPath,
)
from shared.errors import Forbidden, InvalidPayload, NotFound, Unauthorized
from shared.http.api import Api
from shared.http.app import http_app
from shared.http.operations import Rate
from shared.http.pages import serve
from shared.http.requests import Request
from shared.rights import PUBLIC, SIGNED_IN

PAGES = Path(__file__).parent / "pages"
MAX_WEBHOOK_BYTES = 1_000_000

api = Api("messengers")


@api.post(
    "/webhooks/{channel}/{account_id}",
    "What a messenger tells us, in its own form",
    access=PUBLIC,
    params=WebhookPath,
    max_bytes=MAX_WEBHOOK_BYTES,
    content_type="text/plain",
    audited_at="effect",
    errors=(InvalidPayload, Unauthorized, NotFound),
)
def take_webhook(request: Request[None, None], channel: str, account_id: str) -> Response:
    """The channel's own acknowledgement."""
    taken = intake.take_webhook(channel, account_id, request.headers, request.raw_body)
    return Response(body=taken.body, status_code=200, headers={"Content-Type": taken.content_type})


@api.post(
    "/v1/messengers/chat/tickets",
    "A ticket that opens a web chat's socket, for anybody",
    access=PUBLIC,
    body=TicketRequest,
    answer=Ticket,
    status=201,
    rate=Rate(30, 60),
    errors=(Forbidden, NotFound),
    headers=("Origin",),
    audited_at="effect",
)
def issue_ticket(request: Request[None, TicketRequest]) -> Ticket:
    """A ticket for a new visitor, or for one who shows his token."""
    return visitors.admit(request.body, request.headers.get("origin"))


@api.post(
    "/v1/messengers/chat/own-tickets",
    "A ticket that opens a web chat's socket, for a signed-in person",
    access=SIGNED_IN,
    body=OwnTicketRequest,
    answer=OwnTicket,
    status=201,
    errors=(Unauthorized, Forbidden, NotFound),
)
def issue_own_ticket(request: Request[None, OwnTicketRequest]) -> OwnTicket:
    """A ticket that works as long as the session of whoever asks."""
    return visitors.admit_own(request.body, request.caller)


@api.get(
    "/chat/{master}",
    "The web chat's page",
    access=PUBLIC,
    params=ChatPath,
    content_type="text/html",
    is_documented=False,
)
def chat_page(request: Request[None, None], master: str) -> Response:  # noqa: ARG001  # the page reads it from its address
    """The page of a web chat."""
    return serve(PAGES, "chat.html", request)


@api.get(
    "/assets/messengers/{file}",
    "A file of the web chat's page",
    access=PUBLIC,
    params=AssetPath,
    content_type="text/css",
    is_documented=False,
)
def chat_asset(request: Request[None, None], file: str) -> Response:
    """A file of the page."""
    return serve(PAGES, file, request)


app = http_app(api)
