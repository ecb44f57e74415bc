"""The one WebSocket of all systems: opens by ticket, hands each frame to the system that it names."""

from __future__ import annotations

import importlib
from typing import Any, Protocol, cast

from shared import audit, log, sockets
from shared.audit import Actor
from shared.entry import trigger
from shared.errors import InvalidPayload, SvyazError, Unauthorized
from shared.sockets import Frame, Grant

OK = {"statusCode": 200}
OPENED = "platform.socket.opened"
FRAME = "platform.socket.frame"


class System(Protocol):
    """What a system's `socket.py` offers."""

    def receive(self, connection_id: str, grant: Grant, frame: Frame) -> None:
        """Takes one frame."""


def handle(event: dict[str, Any], _context: Any) -> dict[str, int]:
    """The answer to API Gateway for a connection that opens, speaks or closes."""
    context = event["requestContext"]
    connection_id = str(context["connectionId"])
    with trigger("websocket", context["routeKey"], context.get("requestId")):
        if context["eventType"] == "CONNECT":
            return _connect(event, connection_id)
        if context["eventType"] == "DISCONNECT":
            sockets.close_connection(connection_id)
            return OK
        _receive(connection_id, str(event.get("body") or ""), _address(context))
        return OK


def _connect(event: dict[str, Any], connection_id: str) -> dict[str, int]:
    query = event.get("queryStringParameters") or {}
    address = _address(event["requestContext"])
    try:
        grant = sockets.open_connection(str(query.get("ticket", "")), connection_id)
    except Unauthorized as error:
        log.count("SocketRefused")
        with audit.acting(Actor("guest", "", "socket", address=address)):
            audit.write_folded(OPENED, "socket", result="refused", reason=error.kind)
        return {"statusCode": 401}
    with audit.acting(_actor(grant, address)):
        audit.write(OPENED, f"{grant.system}/{grant.resource}")
    return OK


def _actor(grant: Grant, address: str) -> Actor:
    kind = "user" if grant.subject.startswith("usr_") else "guest"
    return Actor(kind, grant.subject, "socket", grant.org_id, address)


def _address(context: dict[str, Any]) -> str:
    return str(context.get("identity", {}).get("sourceIp", ""))


def _receive(connection_id: str, text: str, address: str) -> None:
    frame: Frame | None = None
    actor = Actor("guest", "", "socket", address=address)
    try:
        grant = sockets.grant_of(connection_id)
        actor = _actor(grant, address)
        _check_session(connection_id, grant)
        frame = sockets.read_frame(text)
        if frame.system != grant.system:
            raise Unauthorized("This connection is for another system.")
        _system(frame.system).receive(connection_id, grant, frame)
    except SvyazError as error:
        log.warning("frame.refused", reason=error.kind)
        _tell(connection_id, frame, error)
        with audit.acting(actor):
            audit.write_folded(FRAME, "socket", result="failed" if error.is_ours else "refused", reason=error.kind)


def _check_session(connection_id: str, grant: Grant) -> None:
    """Forgets a connection whose session has ended.

    Raises: Unauthorized, ProviderUnavailable.
    """
    if grant.has_ended:
        sockets.close_connection(connection_id)
        raise Unauthorized("This session has ended.")


def _system(name: str) -> System:
    try:
        return cast("System", importlib.import_module(f"functions.{name}.socket"))
    except ModuleNotFoundError:
        raise InvalidPayload("There is no such system.") from None


def _tell(connection_id: str, frame: Frame | None, error: SvyazError) -> None:
    data = {"kind": error.kind, "title": error.title, "detail": str(error)}
    reply_to, system = (frame.id, frame.system) if frame else (None, "platform")
    try:
        sockets.push(connection_id, "error", data, reply_to=reply_to, system=system)
    except sockets.Gone:
        log.info("frame.unanswered")
