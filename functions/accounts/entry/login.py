"""Login: the right password, and where it is on the second factor, open a session.

Every wrong answer is the same and takes the same time, whether there is such an account or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from functions.accounts.entry import lockout, passwords, places, second_factor
from functions.accounts.entry.addresses import normalised
from functions.accounts.models import IdentityKind, Tokens
from functions.accounts.people import identities
from functions.accounts.people.users import NOBODY, find_active
from functions.accounts.tables import UserItem
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from shared import audit, suspicion
from shared.clock import epoch_s, now
from shared.errors import InvalidPayload, Unauthorized
from shared.keys import lookup_key, seal, unseal

PURPOSE: Final = "accounts.challenge"
LIFE: Final = timedelta(minutes=5)
PASSWORD: Final = "password"  # noqa: S105  # the name of a method


@dataclass(frozen=True)
class Challenge:
    """What a second factor is to be shown with, within five minutes."""

    token: str


@dataclass(frozen=True)
class Entry:
    """What somebody has who is in; `device_token` is shown at his next login, empty where none is given."""

    tokens: Tokens
    device_token: str = ""


def login(email: str, password: str, place: Place, device_token: str = "") -> Entry | Challenge:
    """The tokens of a new session, or the challenge of a second factor.

    Raises: Unauthorized, the same for an unknown address as for a wrong password; TooManyRequests; InvalidField for
    what is no address.
    """
    address = normalised(email)
    guesses = lockout.spend_login(address, place.address, device_token)
    user_id = identities.owner_of(IdentityKind.EMAIL, address) or NOBODY
    user = find_active(user_id)  # before the password is: a change in between is seen when the session opens
    is_right = passwords.verify(user_id, password)
    if not is_right or user is None:
        subject = lookup_key("email", address) if user_id == NOBODY else user_id
        _note_refusal(user, subject)
        raise Unauthorized("The address or the password is wrong.")
    lockout.settle(guesses)
    if second_factor.is_on(user_id):
        return challenge_for(user_id, user, (PASSWORD,), address)
    return Entry(admit(user_id, user, (PASSWORD,), place), lockout.device_token(address))


def challenge_for(user_id: str, user: UserItem, methods: tuple[str, ...], address: str = "") -> Challenge:
    """What somebody who has shown `methods` gets instead of tokens, where his second factor is on."""
    account = lookup_key("email", address) if address else ""
    content = {"u": user_id, "v": int(user.version), "m": methods, "a": account, "x": epoch_s(now() + LIFE)}
    return Challenge(seal(PURPOSE, content))


def answer_challenge(challenge: str, code: str, place: Place) -> Entry:
    """The tokens of a new session.

    Raises: Unauthorized for a wrong code or a challenge that is too old; TooManyRequests.
    """
    content = _opened(challenge)
    user_id, user = content["u"], find_active(content["u"])
    if user is None or user.version != content["v"]:
        raise Unauthorized("Sign in again.")
    try:
        method = second_factor.check(user_id, code)
    except Unauthorized:
        _note_refusal(user, user_id)
        raise
    tokens = admit(user_id, user, (*content["m"], method), place)
    return Entry(tokens, lockout.device_token_of(content["a"]) if content["a"] else "")


def _opened(challenge: str) -> dict[str, Any]:
    try:
        content = unseal(PURPOSE, challenge)
    except InvalidPayload:
        raise Unauthorized("Sign in again.") from None
    if content["x"] <= epoch_s(now()):
        raise Unauthorized("Sign in again.")
    return content


def admit(user_id: str, user: UserItem, methods: tuple[str, ...], place: Place) -> Tokens:
    """The tokens of a new session for somebody who has shown all that is asked; a strange place is told.

    Raises: Unauthorized where his ways in have changed since he was read.
    """
    who = audit.Actor("user", user_id, audit.actor().way, user.org_id or audit.NOBODY, place.address)
    with audit.acting(who):
        is_strange = places.is_strange(user_id, place)
        tokens = sessions.open_session(user_id, user.org_id, methods, place, version=int(user.version))
        if is_strange:
            places.tell(user, place)
        return tokens


def _note_refusal(user: UserItem | None, subject: str) -> None:
    """Counts a wrong guess and writes it down, alike for those who exist and those who do not."""
    org_id = (user.org_id if user is not None else "") or audit.NOBODY
    suspicion.failed_login(org_id, subject)
    audit.write("accounts.login", subject, org_id=org_id, result="refused")
