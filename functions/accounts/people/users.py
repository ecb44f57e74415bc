"""People with a login, as items."""

from __future__ import annotations

from functions.accounts.tables import UserItem, user_key
from shared.errors import Contended
from shared.tables import Transaction, find

SK = "user"
ACTIVE = "active"
NOBODY = "usr_none"
"""Stands for a person where there is none, so that what takes time takes it for him too."""


def write_touched(transaction: Transaction, user_id: str) -> None:
    """Writes with the transaction that the ways in have changed: what was proved before opens no session any more.

    Raises: Contended, from the transaction's commit, for a person who was removed in between.
    """
    is_active = UserItem.status == ACTIVE
    removed = Contended("Somebody else changes this account at this moment.")
    transaction.update(
        UserItem(user_key(user_id), SK), [UserItem.version.add(1)], condition=is_active, otherwise=removed
    )


def find_active(user_id: str) -> UserItem | None:
    """A person who may log in."""
    stored = find(UserItem, user_key(user_id), SK)
    return stored if stored is not None and stored.status == ACTIVE else None
