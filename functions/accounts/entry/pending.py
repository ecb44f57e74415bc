"""What waits for a link in a letter: kept under a secret that only the letter names, until it is used or too old."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from functions.accounts.tables import PendingItem
from shared import vault
from shared.clock import epoch_s, now
from shared.errors import InvalidField, InvalidPayload
from shared.ids import new_secret
from shared.keys import seal, unseal
from shared.tables import Transaction, find

REGISTRATION: Final = "registration"
RESET: Final = "reset"
EMAIL_CHANGE: Final = "email_change"
EMAIL_STOP: Final = "email_stop"
LIFE: Final = {
    REGISTRATION: timedelta(hours=24),
    RESET: timedelta(hours=1),
    EMAIL_CHANGE: timedelta(hours=24),
    EMAIL_STOP: timedelta(days=7),
}


@dataclass(frozen=True)
class Pending:
    """Something that waits, found by its link; `owner` is the partition that it lies in.

    Shape: `apart` tells those of one kind from each other that an owner may have at the same time.
    """

    owner: str
    what: str
    nonce: str
    content: dict[str, str]
    apart: str = ""


def keep(owner: str, what: str, content: dict[str, str], apart: str = "") -> str:
    """The token of a new link; one that the owner had for the same is void from now on."""
    nonce = new_secret()
    sealed = vault.encrypt(json.dumps(content), _context(owner, what))
    ends = epoch_s(now() + LIFE[what])
    PendingItem(owner, _sk(what, apart), content=sealed, nonce=nonce, expires_at=ends).save()
    return _token(Pending(owner, what, nonce, content, apart))


def renewed(owner: str, what: str, content: dict[str, str]) -> str:
    """The token of a link: the one that stands already, for longer, so that asking again voids no letter."""
    stored = find(PendingItem, owner, what)
    if stored is None or not _stands(stored) or _content(stored, what) != content:
        return keep(owner, what, content)
    stored.update([PendingItem.expires_at.set(epoch_s(now() + LIFE[what]))], PendingItem.nonce == stored.nonce)
    return _token(Pending(owner, what, stored.nonce, content))


def opened(what: str, token: str) -> Pending:
    """What a link stands for.

    Raises: InvalidField where the link was made up, used, or is too old.
    """
    try:
        given = unseal(_purpose(what), token)
    except InvalidPayload:
        raise _void() from None
    owner, nonce, apart = str(given["o"]), str(given["n"]), str(given.get("a", ""))
    stored = find(PendingItem, owner, _sk(what, apart))
    if stored is None or not _stands(stored) or not hmac.compare_digest(stored.nonce, nonce):
        raise _void()
    return Pending(owner, what, nonce, _content(stored, what), apart)


def spend(transaction: Transaction, pending: Pending) -> None:
    """Uses a link up with the transaction.

    Raises: InvalidField, from the transaction's commit, where it was used in between.
    """
    unused = PendingItem.nonce == pending.nonce
    item = PendingItem(pending.owner, _sk(pending.what, pending.apart))
    transaction.delete(item, condition=unused, otherwise=_void())


def drop(transaction: Transaction, owner: str, what: str) -> None:
    """Voids a link with the transaction, where there is one."""
    transaction.delete(PendingItem(owner, what))


def standing(owner: str, what: str) -> int:
    """How many links of a kind an owner has that are not too old."""
    rows = PendingItem.query(owner, PendingItem.sk.startswith(what), consistent_read=True)
    return sum(_stands(row) for row in rows)


def drop_later(transaction: Transaction, pending: Pending) -> None:
    """Voids, with the transaction, all links of the same kind that the owner got after this one."""
    rows = PendingItem.query(pending.owner, PendingItem.sk.startswith(pending.what), consistent_read=True)
    stored = {row.sk: row for row in rows}
    own = stored.pop(_sk(pending.what, pending.apart), None)
    for sk, row in stored.items():
        if own is None or (row.expires_at or 0) >= (own.expires_at or 0):
            transaction.delete(PendingItem(pending.owner, sk))


def _sk(what: str, apart: str) -> str:
    return f"{what}#{apart}" if apart else what


def _stands(item: PendingItem) -> bool:
    return (item.expires_at or 0) > epoch_s(now())


def _content(item: PendingItem, what: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(vault.decrypt(item.content, _context(item.pk, what)))
    return found


def _token(pending: Pending) -> str:
    apart = {"a": pending.apart} if pending.apart else {}
    return seal(_purpose(pending.what), {"o": pending.owner, "n": pending.nonce, **apart})


def _purpose(what: str) -> str:
    return f"accounts.{what}"


def _context(owner: str, what: str) -> str:
    return f"accounts|{owner}|{what}"


def _void() -> InvalidField:
    return InvalidField("This link is not valid any more. Ask for a new one.")
