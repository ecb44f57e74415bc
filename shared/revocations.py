"""What was revoked before its time: sessions that ended, and people whose roles changed.

Every process keeps the list and asks for what is new at most every quarter of a minute, in one query. An entry lasts
as long as anything that it could still concern: an access token, or a WebSocket opened by the session.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from threading import Lock

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from shared import log
from shared.clock import epoch_ms, epoch_s, now
from shared.errors import ProviderUnavailable, SvyazError
from shared.tables import Table, Transaction

PARTITION = "revoked"
KEPT = timedelta(hours=2, minutes=30)
OVERLAP = timedelta(minutes=1)
"""How late an entry may appear: a transaction writes the moment at which it was made ready."""
SETTLED_AFTER = timedelta(seconds=15)
"""By when a transaction that changes roles has been carried out, or never will be."""
FRESH_S = 15.0
TRUSTED_S = 35.0
"""With the 20 s that API Gateway keeps an answer, nothing revoked works for longer than a minute."""
RETRY_S = 3.0
FOR_EVER_MS = 10**15


class Revocation(Table):
    """One entry: `sk` begins with when it was made; what was given before `before_ms` is refused."""

    class Meta:
        """The shared table."""

        name = "revocations"

    subject = UnicodeAttribute()
    before_ms = NumberAttribute()


@dataclass
class Known:
    """What this process knows.

    Units: `read_at_s` and `next_try_s` by the process's own clock.
    """

    entries: dict[str, Revocation] = field(default_factory=dict)
    subjects: dict[str, list[Revocation]] = field(default_factory=dict)
    upto: datetime | None = None
    read_at_s: float = -math.inf
    next_try_s: float = -math.inf


_lock = Lock()


def revoke(transaction: Transaction, subject: str, before: datetime | None = None) -> None:
    """Refuses what a session or a person was given: all of it, or what was given before a moment.

    Shape: `subject` is the id of a session (`ses_…`) or of a person (`usr_…`).
    """
    moment = now()
    before_ms = FOR_EVER_MS if before is None else epoch_ms(before)
    transaction.put(
        Revocation(
            PARTITION,
            f"{epoch_ms(moment):015d}#{subject}#{before_ms}",
            subject=subject,
            before_ms=before_ms,
            expires_at=epoch_s(moment + KEPT),
        )
    )


def revoke_given_so_far(transaction: Transaction, subject: str) -> None:
    """Refuses what was given until this transaction is through, whoever is giving anything meanwhile."""
    revoke(transaction, subject, now() + SETTLED_AFTER)


def is_revoked(subject: str, given_at: datetime) -> bool:
    """Whether what was given to a session or a person at that moment is refused.

    Raises: ProviderUnavailable where the list could not be read for so long that it may not be trusted.
    """
    known = _current()
    return any(epoch_ms(given_at) < row.before_ms for row in _standing(known, subject))


def settled_after(subject: str) -> datetime | None:
    """The latest moment before which everything of a subject is refused, asked of the database now; None for none.

    Shape: what is read after this has seen the changes that the answer tells of.
    Raises: ProviderUnavailable, ProviderThrottled.
    """
    with _lock:
        known = _known()
        _load(known)
    found = [int(row.before_ms) for row in _standing(known, subject) if row.before_ms < FOR_EVER_MS]
    return datetime.fromtimestamp(max(found) / 1000, UTC) if found else None


def forget() -> None:
    """Drops what is kept, as a new process would begin."""
    _known.cache_clear()


@cache
def _known() -> Known:
    return Known()


def _standing(known: Known, subject: str) -> Iterator[Revocation]:
    moment_s = epoch_s(now())
    return (row for row in known.subjects.get(subject, ()) if (row.expires_at or 0) > moment_s)


def _current() -> Known:
    with _lock:
        known, tried_s = _known(), time.monotonic()
        if tried_s - known.read_at_s >= FRESH_S and tried_s >= known.next_try_s:
            try:
                _load(known)
            except SvyazError as error:
                log.warning("revocations.unread", reason=error.kind)
                known.next_try_s = time.monotonic() + RETRY_S
        if time.monotonic() - known.read_at_s >= TRUSTED_S:
            raise ProviderUnavailable("The list of what was revoked cannot be read.", retry_after_s=1)
        return known


def _load(known: Known) -> None:
    """Adds what was written since the last time, and drops what has faded."""
    began_s, moment = time.monotonic(), now()
    since = moment - KEPT if known.upto is None else min(known.upto, moment) - OVERLAP
    begin = f"{epoch_ms(since):015d}"
    for row in Revocation.query(PARTITION, Revocation.sk >= begin, consistent_read=True):
        known.entries[row.sk] = row
    known.entries = {sk: row for sk, row in known.entries.items() if (row.expires_at or 0) > epoch_s(moment)}
    known.subjects = {}
    for row in known.entries.values():
        known.subjects.setdefault(row.subject, []).append(row)
    known.upto, known.read_at_s, known.next_try_s = moment, began_s, -math.inf
