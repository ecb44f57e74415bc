"""Requests for a person's data: how each stands, and the file that an export becomes.

They lie with the accounts, where they are asked for; the platform carries them out. After a week neither the request
nor its file is there.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from pynamodb.attributes import UnicodeAttribute
from pynamodb.expressions.update import Action

from shared.bus import PersonalDataRequested, PersonNamed
from shared.clock import epoch_s, now
from shared.errors import Conflict
from shared.tables import Table, Transaction, find

QUEUE: Final = "personal"
ASKED: Final = "personal.requested"
BUCKET: Final = "exports"
PREFIX: Final = "prq"
KEPT: Final = timedelta(days=7)
WAITING, READY, FAILED = "waiting", "ready", "failed"


class RequestItem(Table):
    """A request: `org#<id>#personal` or `user#<id>` / `prq_…`; `subject` is the id of the person."""

    class Meta:
        """The accounts' table."""

        name = "accounts"

    what = UnicodeAttribute()
    subject = UnicodeAttribute()
    status = UnicodeAttribute(default=WAITING)
    reason = UnicodeAttribute(null=True)
    asked_by = UnicodeAttribute()
    asked_at = UnicodeAttribute()
    at = UnicodeAttribute()


def partition(person: PersonNamed) -> str:
    """Where the requests for a person lie: with himself, or with the organisation whose client he is."""
    return f"user#{person.user_id}" if person.user_id else f"org#{person.org_id}#personal"


def file_key(item: RequestItem) -> str:
    """What the file of an export is called."""
    return f"{item.pk}/{item.sk}.json"


def write_asked(transaction: Transaction, asked: PersonalDataRequested) -> RequestItem:
    """Writes a new request with the transaction."""
    moment = now()
    item = RequestItem(
        partition(asked.person),
        asked.request_id,
        what=asked.what,
        subject=asked.person.id,
        asked_by=asked.asked_by,
        asked_at=moment.isoformat(),
        at=moment.isoformat(),
        expires_at=epoch_s(moment + KEPT),
    )
    transaction.create(item)
    return item


def write_ended(transaction: Transaction, item: RequestItem, status: str, reason: str | None = None) -> None:
    """Writes how a request ended, with the transaction.

    Raises: Conflict where that is written already, from the transaction's commit.
    """
    actions: list[Action] = [RequestItem.status.set(status), RequestItem.at.set(now().isoformat())]
    if reason is not None:
        actions.append(RequestItem.reason.set(reason))
    is_waiting, ended = RequestItem.status == WAITING, Conflict("This request has ended.")
    transaction.update(item, actions, condition=is_waiting, otherwise=ended)


def find_request(pk: str, request_id: str) -> RequestItem | None:
    """A request that is not too old."""
    item = find(RequestItem, pk, request_id)
    return None if item is None or (item.expires_at or 0) <= epoch_s(now()) else item


def exports_of(person: PersonNamed) -> Iterator[RequestItem]:
    """The exports of a person that were made before."""
    rows = RequestItem.query(partition(person), RequestItem.sk.startswith(f"{PREFIX}_"), consistent_read=True)
    known = {person.user_id, person.client_id, person.booking_id} - {""}
    return (row for row in rows if row.what == "export" and row.subject in known)
