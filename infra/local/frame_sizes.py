"""The sizes of WebSocket frames in a stream of bytes; aiohttp joins frames to messages and tells no sizes.

Source: RFC 6455, section 5.2 (read 2026-11-20).
"""

from __future__ import annotations

MAX_FRAME_BYTES = 32 * 1024
_LENGTH_BYTES = {126: 2, 127: 8}
_MASK_BYTES = 4


class FrameSizes:
    """Follows a client's stream from frame to frame."""

    def __init__(self, limit: int = MAX_FRAME_BYTES) -> None:
        self._limit = limit
        self._head = bytearray()
        self._to_skip = 0

    def is_too_large(self, data: bytes) -> bool:
        """Whether a frame over the limit begins in the next bytes."""
        position = 0
        while position < len(data):
            skipped = min(self._to_skip, len(data) - position)
            self._to_skip -= skipped
            position += skipped
            if self._to_skip == 0 and position < len(data):
                self._head.append(data[position])
                position += 1
                if self._ends_head():
                    return True
        return False

    def _ends_head(self) -> bool:
        if len(self._head) < 2:  # noqa: PLR2004  # flags and the short length
            return False
        short = self._head[1] & 0x7F
        length_bytes = _LENGTH_BYTES.get(short, 0)
        if len(self._head) < 2 + length_bytes:
            return False
        size = int.from_bytes(self._head[2:], "big") if length_bytes else short
        self._to_skip = size + (_MASK_BYTES if self._head[1] & 0x80 else 0)
        self._head.clear()
        return size > self._limit
