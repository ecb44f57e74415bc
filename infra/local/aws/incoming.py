"""The body of a request as it arrives, and the moment its sender leaves."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any, TypeVar

from infra.local.aws.exchange import Refused, WireRequest

MAX_BODY_BYTES = 64 * 1024 * 1024
PATIENCE_S = 60
DRAIN_S = 1
_TOO_LARGE, _TOO_SLOW = 413, 408

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Found = TypeVar("Found")


class SenderGone(Exception):
    """The caller closed the connection."""


class Incoming:
    """What still comes from the sender of one request."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_whole = False

    async def body(self, request: WireRequest) -> bytes:
        """The whole body.

        Raises: Refused when it is too large or too slow; SenderGone.
        """
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > MAX_BODY_BYTES:
            raise Refused(f"bodies may have at most {MAX_BODY_BYTES} bytes", _TOO_LARGE)
        pieces, size = [], 0
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not self._is_whole:
                    pieces.append(await self._piece())
                    size += len(pieces[-1])
                    if size > MAX_BODY_BYTES:
                        raise Refused(f"bodies may have at most {MAX_BODY_BYTES} bytes", _TOO_LARGE)
        except TimeoutError:
            raise Refused("the body did not arrive in time", _TOO_SLOW) from None
        return b"".join(pieces)

    async def while_connected(self, answering: Awaitable[Found]) -> Found:
        """The result, unless the sender leaves first: a waiting ReceiveMessage must not take messages for nobody.

        Raises: SenderGone.
        """
        answer, leaving = asyncio.ensure_future(answering), asyncio.ensure_future(self._receive())
        try:
            await asyncio.wait((answer, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not answer.done():
                raise SenderGone
            return answer.result()
        finally:
            answer.cancel()
            leaving.cancel()

    async def drain(self) -> None:
        """Fetches and drops what is left of a body, for a while, so that its sender gets to reading the answer."""
        with suppress(SenderGone, TimeoutError):
            async with asyncio.timeout(DRAIN_S):
                await self._drop()

    async def while_dropping(self, sending: Awaitable[None]) -> None:
        """Returns when the answer is sent; Hypercorn cannot send it while pieces that nobody fetches fill its queue."""
        dropping = asyncio.ensure_future(self._drop())
        try:
            await sending
        finally:
            dropping.cancel()
            with suppress(SenderGone, asyncio.CancelledError):
                await dropping

    async def _drop(self) -> None:
        while not self._is_whole:
            await self._piece()

    async def _piece(self) -> bytes:
        message = await self._receive()
        self._is_whole = not message.get("more_body", False)
        if message["type"] == "http.disconnect":
            raise SenderGone
        piece: bytes = message.get("body", b"")
        return piece
