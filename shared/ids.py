"""Identifiers: UUIDv7 with the prefix of their type, and unguessable secrets.

Source: RFC 9562, sections 5.7 and 6.2 (read 2026-11-20).
"""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime

NANOS_A_MILLI = 1_000_000
FRACTION_BITS = 12
NOISE_BITS = 62


def new_id(prefix: str) -> str:
    """A fresh identifier such as `bkg_0198…`: later ones sort after earlier ones, also within a millisecond.

    Shape: prefix, underscore, 32 hexadecimal digits.
    """
    millis, nanos = divmod(time.time_ns(), NANOS_A_MILLI)
    fraction = (nanos << FRACTION_BITS) // NANOS_A_MILLI
    value = millis << 80 | 0x7 << 76 | fraction << 64 | 0b10 << NOISE_BITS | secrets.randbits(NOISE_BITS)
    return f"{prefix}_{value:032x}"


def new_secret() -> str:
    """256 random bits as 43 characters that are safe in a URL."""
    return secrets.token_urlsafe(32)


def moment_of(identifier: str) -> datetime:
    """When an identifier was made.

    Units: exact to a millisecond.
    """
    millis = int(identifier.rpartition("_")[2][:12], 16)
    return datetime.fromtimestamp(millis / 1000, UTC)
