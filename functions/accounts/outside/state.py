"""What a browser keeps while its person is away at a provider: sealed, for ten minutes, in a cookie of its own."""

from __future__ import annotations

import hmac
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from functions.accounts.outside import once
from shared.clock import epoch_s, now
from shared.errors import InvalidPayload, Unauthorized
from shared.ids import new_secret
from shared.keys import seal, unseal

PURPOSE: Final = "outside-state"
LIFE = timedelta(minutes=10)


@dataclass(frozen=True)
class State:
    """What a login that was begun is finished with.

    Shape: `value` comes back from the provider; `verifier` proves that the code was asked for here (PKCE);
    `user_id` and `session_id` are of a person who is signed in and adds an identity, else empty.
    """

    redirect_uri: str
    user_id: str = ""
    session_id: str = ""
    value: str = field(default_factory=new_secret)
    verifier: str = field(default_factory=new_secret)
    begun_s: int = field(default_factory=lambda: epoch_s(now()))

    @property
    def begun_at(self) -> datetime:
        """When the person was sent away."""
        return datetime.fromtimestamp(self.begun_s, UTC)

    def sealed(self) -> str:
        """The state as the cookie holds it."""
        return seal(PURPOSE, asdict(self))


def opened(sealed: str, value: str) -> State:
    """The state of this browser, where it is the one that comes back, and for the first time.

    Raises: Unauthorized.
    """
    try:
        state = State(**unseal(PURPOSE, sealed))
    except InvalidPayload:
        raise Unauthorized("This login was begun in another browser.") from None
    if not hmac.compare_digest(state.value.encode(), value.encode("utf-8", "replace")):
        raise Unauthorized("This login was begun in another browser.")
    if now() > state.begun_at + LIFE:
        raise Unauthorized("This login is too old. Begin anew.")
    once.spend("state", state.value, state.begun_at + LIFE)
    return state
