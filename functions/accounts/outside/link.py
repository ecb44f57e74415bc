"""Identities that people have elsewhere: they open an account, are added to one, and taken from it again.

An e-mail address that somebody told a provider is no proof for us: it never leads to an account.
"""

from __future__ import annotations

from dataclasses import dataclass

from functions.accounts.entry import passwords, second_factor, ways
from functions.accounts.entry.login import Challenge, admit, challenge_for
from functions.accounts.entry.registration import create_user
from functions.accounts.models import IdentityKind, Tokens
from functions.accounts.outside.person import OutsidePerson
from functions.accounts.people import identities
from functions.accounts.people.identities import Identity
from functions.accounts.people.users import find_active
from functions.accounts.tables import IdentityItem, UserIdentityItem, UserItem, user_key
from functions.accounts.tokens.sessions import Place
from shared import audit, vault
from shared.errors import Conflict, Contended, NotFound, RuleViolation, Unauthorized
from shared.tables import Transaction

PREFIX = "identity#"


@dataclass(frozen=True)
class Connected:
    """An identity as its person sees it."""

    kind: IdentityKind
    label: str


def enter(person: OutsidePerson, place: Place, language: str) -> Tokens | Challenge:
    """The tokens of a new session, or the challenge of a second factor; who is new gets an account.

    Raises: Unauthorized, Contended.
    """
    user_id = identities.owner_of(person.kind, person.subject) or _made(person, language)
    user = _active(user_id)
    if second_factor.is_on(user_id):
        return challenge_for(user_id, user, (person.kind.value,))
    return admit(user_id, user, (person.kind.value,), place)


def connect(user_id: str, person: OutsidePerson) -> None:
    """Lets a person who is signed in enter by another account of his from now on.

    Raises: Conflict where it is somebody else's, or he has one of that kind; Contended, Unauthorized.
    """
    user = _active(user_id)
    if identities.owner_of(person.kind, person.subject) == user_id:
        return
    if f"{PREFIX}{person.kind}" in {row.sk for row in _rows(user_id)}:
        raise Conflict("Another account of this kind is connected already. Disconnect it first.")
    transaction = _changing(user_id, user)
    identities.write_new(transaction, user_id, _identity(person))
    audit.add(transaction, "accounts.identity.connected", user_id, reason=person.kind.value)
    transaction.commit()
    ways.tell_changed(user_id)


def disconnect(user_id: str, kind: IdentityKind) -> None:
    """Takes a way to sign in away, but never the last one.

    Raises: NotFound, RuleViolation, Contended, Unauthorized.
    """
    user, rows = _active(user_id), {row.sk.removeprefix(PREFIX): row for row in _rows(user_id)}
    if kind not in rows:
        raise NotFound("No such account is connected.")
    if not _others(user_id, set(rows) - {kind.value}):
        raise RuleViolation(
            "This is the only way in to your account. First connect another, or an address with a password."
        )
    transaction = _changing(user_id, user)
    owner = IdentityItem(f"{PREFIX}{kind}#{rows[kind].lookup}", identities.SK)
    transaction.delete(owner, condition=IdentityItem.user_id == user_id, otherwise=_changed())
    transaction.delete(rows[kind])
    audit.add(transaction, "accounts.identity.disconnected", user_id, reason=kind.value)
    transaction.commit()
    ways.tell_changed(user_id)


def connected(user_id: str) -> list[Connected]:
    """All that a person is found by."""
    return [
        Connected(IdentityKind(row.sk.removeprefix(PREFIX)), vault.decrypt(row.label, f"accounts|{user_id}|{row.sk}"))
        for row in _rows(user_id)
    ]


def _made(person: OutsidePerson, language: str) -> str:
    transaction = Transaction()
    user_id = create_user(transaction, name=person.name, language=language, identity=_identity(person))
    try:
        transaction.commit()
    except Conflict:
        return identities.owner_of(person.kind, person.subject)
    return user_id


def _identity(person: OutsidePerson) -> Identity:
    return Identity(person.kind, person.subject, person.email or person.name)


def _active(user_id: str) -> UserItem:
    user = find_active(user_id)
    if user is None:
        raise Unauthorized("Sign in again.")
    return user


def _rows(user_id: str) -> list[UserIdentityItem]:
    found = UserIdentityItem.query(user_key(user_id), UserIdentityItem.sk.startswith(PREFIX), consistent_read=True)
    return list(found)


def _others(user_id: str, kinds: set[str]) -> bool:
    """Whether one of these opens an account; an e-mail address does with a password."""
    by_password = IdentityKind.EMAIL.value in kinds and passwords.has_one(user_id)
    return by_password or bool(kinds - {IdentityKind.EMAIL.value})


def _changing(user_id: str, user: UserItem) -> Transaction:
    """A transaction that fails where another one changes the ways in at the same moment."""
    transaction = Transaction()
    transaction.update(
        UserItem(user_key(user_id), "user"),
        [UserItem.version.add(1)],
        condition=(UserItem.version == user.version) & (UserItem.status == user.status),
        otherwise=_changed(),
    )
    return transaction


def _changed() -> Contended:
    return Contended("Somebody else changes this account at this moment.")
