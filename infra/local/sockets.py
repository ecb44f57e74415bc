"""WebSockets as API Gateway serves them.

Limits: 128 KB a message, 32 KB a frame (close code 1009), 10 minutes idle and 2 hours in all (1001); binary frames
are refused (1003). A connection's frames are handled one after another; API Gateway handles them at the same time.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web
from aiohttp.http_websocket import WebSocketError

from infra.local.definitions import Function
from infra.local.frame_sizes import FrameSizes
from infra.local.functions import CallFailed, Functions
from infra.local.http_events import well_formed
from infra.local.socket_events import Handshake

MAX_MESSAGE_BYTES = 128 * 1024
CLOSE_TIMEOUT_S = 2.0
_ACCEPTED = 200
_FAILED = 502
_NO_STATUS = 1005
_ENDS = frozenset({WSMsgType.CLOSE, WSMsgType.CLOSING, WSMsgType.CLOSED, WSMsgType.ERROR})
Tell = Callable[[str], None]


@dataclass(frozen=True)
class SocketLimits:
    """How long a connection may stand."""

    idle_s: float = 600
    life_s: float = 7200


class LimitedSocket(web.WebSocketResponse):
    """A WebSocket that closes on a frame over the limit; aiohttp itself limits whole messages alone."""

    def _post_start(self, request: web.BaseRequest, protocol: str | None, writer: Any) -> None:
        wire = request.protocol
        early, wire._message_tail = wire._message_tail, b""  # noqa: SLF001  # what came before the handshake was answered
        super()._post_start(request, protocol, writer)
        wire._payload_parser = _FrameLimit(self._parser, self._reader)  # noqa: SLF001
        wire._payload_parser.feed_data(early)  # noqa: SLF001


class _FrameLimit:
    """Stands before aiohttp's parser and looks at the sizes of frames."""

    def __init__(self, parser: Any, queue: Any) -> None:
        self._parser = parser
        self._queue = queue
        self._sizes = FrameSizes()

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        """What aiohttp's parser makes of the bytes."""
        if self._sizes.is_too_large(bytes(data)):
            self._queue.set_exception(WebSocketError(WSCloseCode.MESSAGE_TOO_BIG, "the frame is too large"))
            return True, b""
        found: tuple[bool, bytes] = self._parser.feed_data(data)
        return found

    def feed_eof(self) -> None:
        """Passes the end on."""
        self._parser.feed_eof()


@dataclass
class Connection:
    """An open connection."""

    handshake: Handshake
    socket: web.WebSocketResponse
    opened_at: float = field(default_factory=time.monotonic)
    active_at: float = field(default_factory=time.monotonic)

    def remaining_s(self, limits: SocketLimits) -> float:
        """Seconds until it has to be closed."""
        return min(self.active_at + limits.idle_s, self.opened_at + limits.life_s) - time.monotonic()


class Sockets:
    """The open connections."""

    def __init__(self, functions: Functions, tell: Tell, limits: SocketLimits) -> None:
        self._functions = functions
        self._tell = tell
        self._limits = limits
        self._function: Function | None = None
        self.open: dict[str, Connection] = {}

    def use(self, function: Function | None) -> None:
        """Hands everything to this function from now on."""
        self._function = function

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A connection from handshake to end."""
        socket = LimitedSocket(
            max_msg_size=MAX_MESSAGE_BYTES + 1, compress=False, autoping=False, timeout=CLOSE_TIMEOUT_S
        )
        if not socket.can_prepare(request).ok:
            return web.json_response({"message": "Only WebSockets are served here"}, status=426)
        handshake = _handshake(request)
        status = await self._connect(handshake)
        self._tell(f"WebSocket {request.path} {status}")
        if status != _ACCEPTED:
            return web.json_response({"message": "Refused"}, status=status)
        await socket.prepare(request)
        connection = Connection(handshake, socket)
        self.open[handshake.connection_id] = connection
        try:
            status, reason = await self._listen(connection)
        finally:
            self.open.pop(handshake.connection_id, None)
        with suppress(CallFailed):
            await self._call(handshake.disconnect(status, reason))
        return socket

    async def send(self, connection: Connection, text: str) -> None:
        """Sends a frame.

        Raises: ConnectionError where the connection is closed, or nobody reads.
        """
        if connection.socket.closed:
            raise ConnectionResetError
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await connection.socket.send_str(text)
        except TimeoutError:
            raise ConnectionResetError from None
        connection.active_at = time.monotonic()

    async def stop(self) -> None:
        """Closes all connections; their functions hear of it."""
        closing = [one.socket.close(code=WSCloseCode.GOING_AWAY) for one in self.open.values()]
        await asyncio.gather(*closing, return_exceptions=True)

    async def _connect(self, handshake: Handshake) -> int:
        try:
            answer = await self._call(handshake.connect())
        except CallFailed:
            return _FAILED
        status = answer.get("statusCode") if isinstance(answer, dict) else None
        if not isinstance(status, int):
            return _FAILED
        return _ACCEPTED if 200 <= status < 300 else status  # noqa: PLR2004

    async def _listen(self, connection: Connection) -> tuple[int, str]:
        socket = connection.socket
        while True:
            try:
                async with asyncio.timeout(max(0.0, connection.remaining_s(self._limits))):
                    message = await socket.receive()
            except TimeoutError:
                if connection.remaining_s(self._limits) > 0:
                    continue  # something was sent meanwhile
                await socket.close(code=WSCloseCode.GOING_AWAY, message=b"Going away")
                return WSCloseCode.GOING_AWAY, "Going away"
            connection.active_at = time.monotonic()
            await self._take(connection, message)
            if message.type in _ENDS or socket.closed:
                return _end(message, socket)

    async def _take(self, connection: Connection, message: WSMessage) -> None:
        with suppress(ConnectionError):
            if message.type is WSMsgType.PING:
                await connection.socket.pong(message.data)
            elif message.type is WSMsgType.BINARY:
                await connection.socket.close(code=WSCloseCode.UNSUPPORTED_DATA)
            elif message.type is WSMsgType.TEXT:
                await self._handle(connection, message.data)

    async def _handle(self, connection: Connection, text: str) -> None:
        event = connection.handshake.message(text)
        try:
            await self._call(event)
        except CallFailed:
            context = event["requestContext"]
            names = {name: context[name] for name in ("connectionId", "requestId")}
            await self.send(connection, json.dumps({"message": "Internal server error", **names}))

    async def _call(self, event: dict[str, Any]) -> Any:
        if self._function is None:
            raise CallFailed("Local.NoSocket", "no function takes WebSockets")
        return await self._functions.call(self._function, event)


def _end(message: WSMessage, socket: web.WebSocketResponse) -> tuple[int, str]:
    if message.type is WSMsgType.CLOSE:
        return (
            (message.data, message.extra or "")
            if message.data
            else (_NO_STATUS, "Client-side close frame status not set")
        )
    return socket.close_code or WSCloseCode.ABNORMAL_CLOSURE, ""


def _handshake(request: web.Request) -> Handshake:
    return Handshake(
        headers=tuple((name, well_formed(value)) for name, value in request.headers.items()),
        query=tuple(parse_qsl(well_formed(request.raw_path.partition("?")[2]), keep_blank_values=True)),
        source_ip=request.remote or "127.0.0.1",
        user_agent=well_formed(request.headers.get("User-Agent", "")),
        host=request.host,
    )
