"""What people are found by: an identity is one person's alone, and no address stands in its key."""

from __future__ import annotations

from dataclasses import dataclass

from functions.accounts.models import IdentityKind
from functions.accounts.tables import IdentityItem, UserIdentityItem, identity_key, user_key
from shared import vault
from shared.errors import Conflict, Contended
from shared.keys import lookup_key
from shared.tables import Transaction, find

SK = "identity"


@dataclass(frozen=True)
class Identity:
    """Something that a person is found by; `label` is what he is shown for it."""

    kind: IdentityKind
    value: str
    label: str


def email_identity(address: str) -> Identity:
    """An e-mail address, normalised, as an identity."""
    return Identity(IdentityKind.EMAIL, address, address)


def owner_of(kind: IdentityKind, value: str) -> str:
    """The person who has an identity; empty where nobody has."""
    stored = find(IdentityItem, identity_key(kind, value), SK)
    return "" if stored is None else str(stored.user_id)


def write_new(transaction: Transaction, user_id: str, identity: Identity) -> None:
    """Gives a person an identity with the transaction.

    Raises: Conflict, from the transaction's commit, where it is somebody's.
    """
    key = identity_key(identity.kind, identity.value)
    taken = Conflict("There is an account with this already.")
    transaction.create(IdentityItem(key, SK, user_id=user_id), otherwise=taken)
    pk, sk = user_key(user_id), f"identity#{identity.kind}"
    label = vault.encrypt(identity.label, f"accounts|{user_id}|{sk}")
    transaction.put(UserIdentityItem(pk, sk, lookup=lookup_key(identity.kind, identity.value), label=label))


def write_removed(transaction: Transaction, user_id: str, kind: IdentityKind, value: str) -> None:
    """Takes an identity from a person with the transaction; his own row is written over or taken away by the caller.

    Raises: Contended, from the transaction's commit, where it is not his any more.
    """
    item = IdentityItem(identity_key(kind, value), SK)
    changed = Contended("Somebody else changes this account at this moment.")
    transaction.delete(item, condition=IdentityItem.user_id == user_id, otherwise=changed)
