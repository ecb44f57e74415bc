"""API Gateway's management plane of WebSockets: by it functions send to connections, look at them and close them.

Source:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-how-to-call-websocket-api-connections.html
(read 2026-11-20).
"""

from __future__ import annotations

from datetime import UTC, datetime

from aiohttp import web

from infra.local.aws.exchange import Refused, WireRequest
from infra.local.aws.guard import is_from_browser
from infra.local.aws.process import EmbeddedAws
from infra.local.aws.signature import check_claim, check_signature, read_claim
from infra.local.sockets import MAX_MESSAGE_BYTES, Connection, Sockets

PATH = "/_local/connections"
SERVICE = "execute-api"


class Connections:
    """Answers what is signed with the embedded AWS's key, and nothing else."""

    def __init__(self, sockets: Sockets, aws: EmbeddedAws) -> None:
        self._sockets = sockets
        self._aws = aws

    def add_routes(self, application: web.Application) -> None:
        """Serves POST, GET and DELETE of a connection."""
        for method in ("POST", "GET", "DELETE"):
            application.router.add_route(method, PATH + "/@connections/{connection_id}", self._answer)

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            self._check(request, body)
        except Refused as refusal:
            return _error(403, "ForbiddenException", str(refusal))
        connection = self._sockets.open.get(request.match_info["connection_id"])
        if connection is None:
            return _error(410, "GoneException", "Gone")
        if request.method == "GET":
            return web.json_response(_described(connection))
        if request.method == "DELETE":
            await connection.socket.close()
            return web.Response(status=204)
        return await self._send(connection, body)

    async def _send(self, connection: Connection, body: bytes) -> web.Response:
        if len(body) > MAX_MESSAGE_BYTES:
            return _error(413, "PayloadTooLargeException", f"over {MAX_MESSAGE_BYTES} bytes")
        try:
            await self._sockets.send(connection, body.decode("utf-8", "replace"))
        except ConnectionError:
            return _error(410, "GoneException", "Gone")
        return web.Response(status=200)

    def _check(self, request: web.Request, body: bytes) -> None:
        raw_path, _, raw_query = request.raw_path.partition("?")
        scope = {
            "http_version": "1.1",
            "method": request.method,
            "raw_path": raw_path.encode(),
            "query_string": raw_query.encode(),
            "headers": request.raw_headers,
        }
        wire = WireRequest.from_scope(scope)
        claim = read_claim(wire)
        if is_from_browser(wire) or claim.is_presigned or claim.service != SERVICE:
            raise Refused(f"connections are reached by calls signed for {SERVICE}, not by browsers")
        check_claim(claim, self._aws.access_key_id, self._aws.region, datetime.now(UTC))
        check_signature(claim, wire, self._aws.secret_access_key, body)


def _described(connection: Connection) -> dict[str, object]:
    def iso(seconds: float) -> str:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    handshake = connection.handshake
    opened_s = handshake.connected_at_ms / 1000
    return {
        "connectedAt": iso(opened_s),
        "identity": {"sourceIp": handshake.source_ip, "userAgent": handshake.user_agent},
        "lastActiveAt": iso(opened_s + connection.active_at - connection.opened_at),
    }


def _error(status: int, kind: str, message: str) -> web.Response:
    headers = {"x-amzn-ErrorType": kind}
    return web.json_response({"message": message}, status=status, headers=headers)
