"""Frames over the limit are noticed, however the stream is cut."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.frame_sizes import FrameSizes

LIMIT = 300


def frame(size: int, *, is_masked: bool) -> bytes:
    """A frame with so many bytes."""
    mask = 0x80 if is_masked else 0
    if size < 126:
        head = struct.pack("!BB", 0x81, mask | size)
    elif size < 65_536:
        head = struct.pack("!BBH", 0x81, mask | 126, size)
    else:
        head = struct.pack("!BBQ", 0x81, mask | 127, size)
    return head + (b"mask" if is_masked else b"") + b"\x81" * size


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, LIMIT), st.booleans()), max_size=8), st.lists(st.integers(1, 400), min_size=1))
def test_frames_up_to_the_limit_pass(frames: list[tuple[int, bool]], cuts: list[int]) -> None:
    stream = b"".join(frame(size, is_masked=is_masked) for size, is_masked in frames)
    assert not any(FrameSizes(LIMIT).is_too_large(piece) for piece in [stream])
    sizes = FrameSizes(LIMIT)
    assert not any(sizes.is_too_large(piece) for piece in pieces(stream, cuts))


@settings(deadline=None)
@given(
    st.lists(st.integers(0, LIMIT), max_size=4),
    st.sampled_from([LIMIT + 1, 65_535, 65_536, 1 << 40]),
    st.lists(st.integers(1, 400), min_size=1),
)
def test_a_frame_over_the_limit_is_noticed_by_its_head(before: list[int], size: int, cuts: list[int]) -> None:
    head = frame(min(size, 70_000), is_masked=True)[:14] if size < 1 << 20 else struct.pack("!BBQ", 0x82, 0xFF, size)
    stream = b"".join(frame(one, is_masked=True) for one in before) + head
    sizes = FrameSizes(LIMIT)
    assert any(sizes.is_too_large(piece) for piece in pieces(stream, cuts))


def pieces(stream: bytes, cuts: list[int]) -> list[bytes]:
    """The stream in pieces of these sizes, again and again."""
    found: list[bytes] = []
    position = 0
    while position < len(stream):
        size = cuts[len(found) % len(cuts)]
        found.append(stream[position : position + size])
        position += size
    return found
