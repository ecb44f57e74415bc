"""Codes of a second factor: pure, the moment is an argument.

Source: RFC 6238 and RFC 4226 (read 2026-11-20).
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from shared.clock import epoch_s

if TYPE_CHECKING:
    from pyotp import TOTP

ISSUER = "Svyaz"
STEP_S = 30
WINDOW = 1
SECRET_BYTES = 20


def new_secret() -> str:
    """A fresh secret.

    Shape: 160 bits as 32 characters of base 32.
    """
    return base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()


def uri(secret: str, label: str) -> str:
    """What an authenticator reads from a QR code: `otpauth://totp/…`."""
    return _authenticator(secret).provisioning_uri(name=label, issuer_name=ISSUER)


def matching_step(secret: str, code: str, moment: datetime, after: int) -> int | None:
    """The step whose code this is, at most one away from now and newer than `after`; None for any other code."""
    made, present = _authenticator(secret), epoch_s(moment) // STEP_S
    steps = range(max(0, present - WINDOW), present + WINDOW + 1)
    given = code.encode("utf-8", "replace")
    found = [step for step in steps if hmac.compare_digest(made.generate_otp(step).encode(), given)]
    return next((step for step in found if step > after), None)


def _authenticator(secret: str) -> TOTP:
    """What makes the codes, by a library that only this needs."""
    import pyotp  # noqa: PLC0415

    return pyotp.TOTP(secret, interval=STEP_S)
