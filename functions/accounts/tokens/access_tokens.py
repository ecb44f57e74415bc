"""Access tokens: JWTs that say who asks and what he is, for ten minutes.

Source: RFC 9068 (the form), RFC 8725 (what to refuse), RFC 8037 (EdDSA) (read 2026-11-20).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

from functions.accounts.tokens import keyring
from functions.accounts.tokens.keyring import SigningKey
from shared.clock import epoch_ms
from shared.errors import Unauthorized
from shared.identity import Caller
from shared.settings import settings

KIND, ALGORITHM, AUDIENCE = "at+jwt", "EdDSA", "svyaz"
LIFE = timedelta(minutes=10)
LEEWAY = timedelta(seconds=5)
MAX_CHARACTERS = 4096
FORM = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
CLAIMS = ("iss", "aud", "sub", "sid", "org", "roles", "iat", "nbf", "exp", "as_of", "amr", "test")
_NO_CLOCK: Any = {
    "require": list(CLAIMS),
    "verify_exp": False,  # its own clock cannot be moved; ours checks the times
    "verify_nbf": False,
    "verify_iat": False,
}


@dataclass(frozen=True)
class Signed:
    """What a genuine token says; its roles are those that held at `as_of`."""

    caller: Caller
    as_of: datetime

    @property
    def revocable(self) -> tuple[str, str]:
        """What a revocation of it would name: its session, or what the person is in the organisation."""
        return self.caller.session_id, membership(self.caller.org_id, self.caller.subject)


def membership(org_id: str, user_id: str) -> str:
    """What a revocation names that concerns what a person is in an organisation, whatever his session."""
    return f"{user_id}@{org_id}"


def issue(caller: Caller, methods: Sequence[str], issued_at: datetime, as_of: datetime | None = None) -> str:
    """A token for a signed-in person.

    Shape: `issued_at` lies before the membership was read; `as_of` is later where a change of it is already seen.
    """
    return sign(keyring.signing_key(), caller, methods, issued_at, as_of or issued_at)


def sign(key: SigningKey, caller: Caller, methods: Sequence[str], issued_at: datetime, as_of: datetime) -> str:
    """A token signed by this key."""
    issued_s = epoch_ms(issued_at) / 1000
    claims = {
        "iss": settings().public_base_url,
        "aud": AUDIENCE,
        "sub": caller.subject,
        "sid": caller.session_id,
        "org": caller.org_id,
        "roles": list(caller.roles),
        "iat": issued_s,
        "nbf": issued_s,
        "exp": issued_s + LIFE.total_seconds(),
        "as_of": epoch_ms(max(issued_at, as_of)) / 1000,
        "amr": list(methods),
        "test": caller.is_test,
        "master": caller.master_id,
        "needs_second_factor": caller.needs_second_factor,
    }
    return jwt.encode(claims, key.unlocked(), algorithm=ALGORITHM, headers={"kid": key.kid, "typ": KIND})


def read(token: str, moment: datetime) -> Signed:
    """What a token says that we signed and that holds at this moment.

    Raises: Unauthorized, the same for whatever is wrong with it.
    """
    refused = Unauthorized("Sign in to use this.")
    if len(token) > MAX_CHARACTERS or not FORM.fullmatch(token):
        raise refused
    try:
        claims = _verified(token)
        if not _holds(claims, moment):
            raise refused
        return Signed(_caller(claims), datetime.fromtimestamp(claims["as_of"], UTC))
    except (jwt.PyJWTError, KeyError, ValueError, TypeError, RecursionError):
        raise refused from None


def _verified(token: str) -> dict[str, Any]:
    header = jwt.get_unverified_header(token)
    key = keyring.public_key(str(header["kid"]))
    if key is None or header["typ"] != KIND:
        raise KeyError(KIND)
    claims: dict[str, Any] = jwt.decode(
        token,
        key,
        algorithms=[ALGORITHM],
        audience=AUDIENCE,
        issuer=settings().public_base_url,
        options=_NO_CLOCK,
    )
    return claims


def _holds(claims: dict[str, Any], moment: datetime) -> bool:
    moment_s, leeway_s = moment.timestamp(), LEEWAY.total_seconds()
    begins_s = max(claims["nbf"], claims["iat"])
    return bool(begins_s - leeway_s <= moment_s < claims["exp"] + leeway_s)


def _caller(claims: dict[str, Any]) -> Caller:
    return Caller(
        kind="user",
        subject=claims["sub"],
        org_id=claims["org"],
        roles=tuple(claims["roles"]),
        session_id=claims["sid"],
        needs_second_factor=claims.get("needs_second_factor", False),
        is_test=claims["test"],
        master_id=claims.get("master", ""),
    )
