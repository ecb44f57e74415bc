"""Requests that come again: with an `Idempotency-Key`, what was made by the first of them is told to all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from shared import idempotency
from shared.tables import Transaction

T = TypeVar("T")


@dataclass(frozen=True)
class Repeat:
    """What tells a request that comes again: whose it is and what for, its key, its body."""

    scope: str = ""
    key: str | None = None
    content: bytes = b""

    def write(self, transaction: Transaction, made_id: str) -> None:
        """Writes, with the transaction, what this request makes.

        Raises: AlreadyDone, from the transaction's commit, where the same request was faster.
        """
        if self.key is not None:
            idempotency.once_for_key(transaction, self.scope, self.key, self.content, made_id)

    def earlier(self) -> str:
        """The id of what the same request has made; empty where there is none.

        Raises: InvalidField where the earlier request had another body.
        """
        return (idempotency.result_of(self.scope, self.key, self.content) or "") if self.key is not None else ""


ONCE = Repeat()
"""A request that cannot come again."""


def once(repeat: Repeat, make: Callable[[], T], found: Callable[[str], T]) -> T:
    """What was made now, or by the same request before."""
    if earlier := repeat.earlier():
        return found(earlier)
    try:
        return make()
    except idempotency.AlreadyDone:
        return found(repeat.earlier())
