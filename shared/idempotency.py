"""What has been done already: one item for each event or key, written in the transaction of its effect."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from pynamodb.attributes import UnicodeAttribute

from shared.clock import epoch_s, now
from shared.errors import Conflict, InvalidField
from shared.tables import Table, Transaction, find

EVENT_KEPT = timedelta(days=8)
KEY_KEPT = timedelta(hours=24)


class AlreadyDone(Conflict):
    """The same event has had its effect."""


class Done(Table):
    """An event or key that has had its effect; `result` is the id of what it made."""

    class Meta:
        """The shared table."""

        name = "idempotency"

    result = UnicodeAttribute(null=True)
    fingerprint = UnicodeAttribute(null=True)


def once(transaction: Transaction, scope: str, event_id: str) -> None:
    """Lets the transaction succeed only for the first of events with this id.

    Raises: AlreadyDone, from the transaction's commit.
    """
    done = Done(f"event#{scope}", event_id, expires_at=epoch_s(now() + EVENT_KEPT))
    transaction.create(done, otherwise=AlreadyDone("This was done before."))


def once_for_key(transaction: Transaction, scope: str, key: str, content: bytes, result: str) -> None:
    """Lets the transaction succeed only for the first request with this key, and keeps what it made."""
    done = Done(
        f"key#{scope}",
        key,
        result=result,
        fingerprint=fingerprint(content),
        expires_at=epoch_s(now() + KEY_KEPT),
    )
    fresh = Done.pk.does_not_exist() | (Done.expires_at < epoch_s(now()))
    transaction.put(done, condition=fresh, otherwise=AlreadyDone("This was done before."))


def result_of(scope: str, key: str, content: bytes) -> str | None:
    """The id of what an earlier request with this key made, None for a new key.

    Raises: InvalidField where the earlier request had another body.
    """
    done = find(Done, f"key#{scope}", key)
    if done is None or (done.expires_at or 0) < epoch_s(now()):
        return None
    if done.fingerprint != fingerprint(content):
        raise InvalidField("This Idempotency-Key was used with another body.")
    return str(done.result)


def fingerprint(content: bytes) -> str:
    """A digest that tells one body from another."""
    return hashlib.sha256(content).hexdigest()
