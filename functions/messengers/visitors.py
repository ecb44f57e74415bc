"""Visitors of web chats: a token brings each back to his own conversation."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from functions.messengers.channels.webchat import NAME
from functions.messengers.models import ChannelAccount, OwnTicket, OwnTicketRequest, Ticket, TicketRequest
from functions.messengers.tables import find_account, note_own_chat
from shared import keys, sockets
from shared.errors import Forbidden, InvalidField, InvalidPayload, NotFound
from shared.identity import Caller
from shared.ids import new_id
from shared.settings import settings
from shared.sockets import Grant

PURPOSE = "visitor"
LOOPBACK = ("127.0.0.1", "localhost")


def admit(request: TicketRequest, origin: str | None) -> Ticket:
    """A ticket to the web chat of an account, for a new visitor or a known one.

    Raises: Forbidden for a page of another origin, NotFound for an unknown chat, InvalidField for a made-up visitor.
    """
    if origin is not None and not _is_own(origin):
        raise Forbidden("This chat may not be opened from another site.")
    account = _account(request.master)
    visitor_id = _known(request.visitor, account.id) if request.visitor else new_id("vis")
    opens = _opening(account, Grant(**_to(account), subject=visitor_id, language=request.language))
    return Ticket(**opens, visitor=keys.seal(PURPOSE, {"v": visitor_id, "a": account.id}))


def admit_own(request: OwnTicketRequest, caller: Caller) -> OwnTicket:
    """A ticket to the web chat of an account, for a signed-in person: the chat is his, on whatever device.

    Raises: NotFound for an unknown chat.
    """
    account = _account(request.master)
    note_own_chat(caller.subject, account.id)
    grant = Grant(**_to(account), subject=caller.subject, language=request.language, session_id=caller.session_id)
    return OwnTicket(**_opening(account, grant))


def _account(account_id: str) -> ChannelAccount:
    account = find_account(account_id)
    if account is None or account.channel != NAME:
        raise NotFound("There is no such chat.")
    return account


def _to(account: ChannelAccount) -> dict[str, str]:
    return {"system": "messengers", "org_id": account.org_id, "resource": account.id}


def _opening(account: ChannelAccount, grant: Grant) -> dict[str, Any]:
    return {
        "ticket": sockets.issue_ticket(grant),
        "websocket_url": settings().websocket_url,
        "master_name": account.title,
        "expires_in_s": int(sockets.TICKET_KEPT.total_seconds()),
    }


def _known(token: str, account_id: str) -> str:
    try:
        content = keys.unseal(PURPOSE, token)
    except InvalidPayload:
        raise InvalidField("This visitor is not known here.") from None
    if content["a"] != account_id:
        raise InvalidField("This visitor is not known here.")
    return str(content["v"])


def _is_own(origin: str) -> bool:
    try:
        given, own = urlsplit(origin), urlsplit(settings().public_base_url)
        same_port = given.port == own.port
    except ValueError:
        return False
    hosts = LOOPBACK if settings().is_local and own.hostname in LOOPBACK else (own.hostname,)
    return given.scheme == own.scheme and given.hostname in hosts and same_port
