"""Passwords: Argon2id hashes, one version after another, of which the old ones keep when they held.

Source: OWASP Password Storage Cheat Sheet (46 MiB, 1 pass, 1 lane at least; read 2026-11-20). Two passes take about
70 ms of one virtual processor.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Final

from functions.accounts.entry.common_passwords import is_common
from functions.accounts.people.users import NOBODY
from functions.accounts.tables import PasswordItem, user_key
from shared import log
from shared.errors import Contended, InvalidField
from shared.tables import Transaction, find, unless

if TYPE_CHECKING:
    from argon2 import PasswordHasher

MEMORY_KIB = 47_104
PASSES = 2
LANES = 1
SK: Final = "password"


def hashed(password: str) -> str:
    """An Argon2id hash, with its parameters and salt in it."""
    return _hasher().hash(_bytes(password))


def refuse_weak(password: str, address: str) -> None:
    """Says nothing for a password that takes more than a few guesses.

    Raises: InvalidField for one of the commonest, and for the person's own address.
    """
    if is_common(password):
        raise InvalidField("This password is among the first that anybody tries. Choose another.")
    folded = password.casefold()
    if address and folded in {address, address.partition("@")[0]}:
        raise InvalidField("Your own address is no password. Choose another.")


def verify(user_id: str, password: str) -> bool:
    """Whether it is the person's password; takes as long where there is no such person or no password.

    Shape: a hash of other parameters than today's is replaced, as long as nobody else has since.
    """
    stored = find(PasswordItem, user_key(user_id or NOBODY), SK)
    nobodys = _nobodys_hash()  # made by the first login of a process, whoever it is of: a stranger's takes no longer
    known = stored.hash if stored is not None else nobodys
    if not matches(known, password) or stored is None:
        return False
    if _hasher().check_needs_rehash(known):
        _rehash(stored, password)
    return True


def has_one(user_id: str) -> bool:
    """Whether a person can log in by password."""
    return find(PasswordItem, user_key(user_id), SK) is not None


def set_password(transaction: Transaction, user_id: str, password_hash: str, moment: datetime) -> None:
    """Puts a new version in place with the transaction; the one before keeps from when to when it held.

    Raises: Contended, from the transaction's commit, where another version came in between.
    """
    current = find(PasswordItem, user_key(user_id), SK)
    if current is None:
        set_first(transaction, user_id, password_hash, moment)
        return
    since = moment.isoformat()
    fresh = PasswordItem(user_key(user_id), SK, hash=password_hash, effective_from=since)
    transaction.put(fresh, condition=PasswordItem.hash == current.hash, otherwise=_busy())
    transaction.put(
        PasswordItem(
            user_key(user_id),
            f"{SK}#{current.effective_from}",
            hash=current.hash,
            effective_from=current.effective_from,
            effective_to=since,
        )
    )


def set_first(transaction: Transaction, user_id: str, password_hash: str, moment: datetime) -> None:
    """Puts the first version in place with the transaction.

    Raises: Contended, from the transaction's commit, where there is one.
    """
    first = PasswordItem(user_key(user_id), SK, hash=password_hash, effective_from=moment.isoformat())
    transaction.create(first, otherwise=_busy())


def _busy() -> Contended:
    return Contended("Somebody else changes this password at this moment.")


def forget() -> None:
    """Makes the hasher anew, as when the parameters have changed."""
    _hasher.cache_clear()
    _nobodys_hash.cache_clear()


def _rehash(stored: PasswordItem, password: str) -> None:
    known = stored.hash
    try:
        with unless(_busy()):
            stored.update([PasswordItem.hash.set(hashed(password))], condition=PasswordItem.hash == known)
    except Contended:
        log.info("password.rehash.lost")


def matches(known: str, password: str) -> bool:
    """Whether a hash is that of a password."""
    from argon2.exceptions import VerifyMismatchError  # noqa: PLC0415  # as in _hasher

    try:
        return _hasher().verify(known, _bytes(password))
    except VerifyMismatchError:
        return False


def _bytes(password: str) -> bytes:
    """One form for letters that keyboards send in several."""
    return unicodedata.normalize("NFKC", password).encode()


@cache
def _nobodys_hash() -> str:
    return hashed("nobody's password")


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher, Type  # noqa: PLC0415  # most of what the function does wants no hash

    return PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, type=Type.ID)
