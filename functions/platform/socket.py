"""The one WebSocket of all systems: opens by ticket, hands each frame to the system that it names."""

from __future__ import annotations

import importlib
from typing import Any, Protocol, cast

from shared import log, sockets
from shared.entry import trigger
from shared.errors import InvalidPayload, SvyazError, Unauthorized
from shared.sockets import Frame, Grant

OK = {"statusCode": 200}


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
        _receive(connection_id, str(event.get("body") or ""))
        return OK


def _connect(event: dict[str, Any], connection_id: str) -> dict[str, int]:
    query = event.get("queryStringParameters") or {}
    try:
        sockets.open_connection(str(query.get("ticket", "")), connection_id)
    except Unauthorized:
        log.count("SocketRefused")
        return {"statusCode": 401}
    return OK


def _receive(connection_id: str, text: str) -> None:
    frame: Frame | None = None
    try:
        grant = sockets.grant_of(connection_id)
        frame = sockets.read_frame(text)
        if frame.system != grant.system:
            raise Unauthorized("This connection is for another system.")
        _system(frame.system).receive(connection_id, grant, frame)
    except SvyazError as error:
        log.warning("frame.refused", reason=error.kind)
        _tell(connection_id, frame, error)


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
