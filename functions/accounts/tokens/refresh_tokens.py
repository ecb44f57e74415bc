"""Refresh tokens: each opens its session once, and names the one before it when it comes again."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from shared import keys
from shared.errors import InvalidPayload, Unauthorized
from shared.ids import new_secret

PURPOSE = "refresh"
MAX_CHARACTERS = 1000


@dataclass(frozen=True)
class RefreshToken:
    """What a token says; `generation` counts those that its session has given out."""

    user_id: str
    session_id: str
    generation: int
    secret: str

    @property
    def digest(self) -> str:
        """What the session keeps of it."""
        return hashlib.sha256(self.secret.encode()).hexdigest()

    def is_kept_as(self, digest: str) -> bool:
        """Whether a session keeps this very token."""
        return hmac.compare_digest(self.digest, digest)

    def sealed(self) -> str:
        """The token as a text that cannot be made up."""
        content = {"u": self.user_id, "s": self.session_id, "n": self.generation, "k": self.secret}
        return keys.seal(PURPOSE, content)

    def next(self) -> RefreshToken:
        """The token that takes its place."""
        return RefreshToken(self.user_id, self.session_id, self.generation + 1, new_secret())


def first(user_id: str, session_id: str) -> RefreshToken:
    """The first token of a new session."""
    return RefreshToken(user_id, session_id, 1, new_secret())


def read(text: str) -> RefreshToken:
    """What a token says.

    Raises: Unauthorized for one that was not made here.
    """
    refused = Unauthorized("Sign in again.")
    if len(text) > MAX_CHARACTERS:
        raise refused
    try:
        content = keys.unseal(PURPOSE, text)
    except InvalidPayload:
        raise refused from None
    return RefreshToken(content["u"], content["s"], content["n"], content["k"])
