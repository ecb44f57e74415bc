"""Messages between the gateway and its workers: JSON after its length in four bytes."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import Any

_LENGTH = struct.Struct(">I")
MAX_BYTES = 64 * 1024 * 1024


class Disconnected(Exception):
    """The other side is gone, in the middle of a message or before one."""


def encode(message: Any) -> bytes:
    """A message as it travels.

    Raises: TypeError or ValueError for what JSON cannot say.
    """
    body = json.dumps(message).encode()
    return _LENGTH.pack(len(body)) + body


def read(connection: socket.socket) -> Any:
    """The next message.

    Raises: Disconnected.
    """
    (length,) = _LENGTH.unpack(_read_bytes(connection, _LENGTH.size))
    return json.loads(_read_bytes(connection, length))


def _read_bytes(connection: socket.socket, wanted: int) -> bytes:
    pieces: list[bytes] = []
    while wanted:
        piece = connection.recv(min(wanted, 1 << 20))
        if not piece:
            raise Disconnected
        pieces.append(piece)
        wanted -= len(piece)
    return b"".join(pieces)


async def read_from(reader: asyncio.StreamReader) -> Any:
    """The next message of an asyncio stream.

    Raises: Disconnected.
    """
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > MAX_BYTES:
            raise Disconnected
        return json.loads(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        raise Disconnected from None
