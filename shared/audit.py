"""The audit log: who did what, on what, when, from where, and how it ended. Entries are only ever added.

Every trigger says who acts (`acting`); services add entries to the transaction of the change (`add`) or write them
alone (`write`). An organisation's entries are found by person, by thing and by time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Final, Literal

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from shared import log
from shared.clock import epoch_s, now
from shared.errors import Conflict
from shared.ids import new_id
from shared.keys import lookup_key
from shared.settings import settings
from shared.tables import Table, Transaction, unless

Result = Literal["done", "refused", "failed"]
Way = Literal["http", "bot", "socket", "link", "key", "cron", "queue", "system"]
NETWORK_BITS: Final = {4: 24, 6: 48}
NOBODY: Final = "org_none"
"""Stands for the organisation in what belongs to none, such as a registration."""
NOTHING: Final = "-"
MAX_THING = 120
FOREIGN = re.compile(r"[^A-Za-z0-9_.:/@-]")
FOLDED_MOST = 200


@dataclass
class Actor:
    """Who acts now.

    Shape: `kind` is user, key, client, guest or system; a guest needs no `id`, his place stands for it; `way` is what
    he acts through.
    """

    kind: str
    id: str
    way: Way
    org_id: str = NOBODY
    address: str = ""


@dataclass
class Written:
    """How many entries were made."""

    number: int = 0


@dataclass
class _Folded:
    """The entries of this minute that stand for several."""

    minute: str = ""
    names: set[str] = field(default_factory=set)

    def of(self, minute: str) -> set[str]:
        """Those of a minute, which forgets all others."""
        if self.minute != minute:
            self.minute, self.names = minute, set()
        return self.names


_actor: ContextVar[Actor | None] = ContextVar("audit_actor", default=None)
_written: ContextVar[Written | None] = ContextVar("audit_written", default=None)
_folded = _Folded()


class ByActor(GlobalSecondaryIndex["AuditRow"]):  # type: ignore[no-untyped-call]  # PynamoDB forgot its types
    """What one did, in order of time."""

    class Meta:
        """All attributes: the list shows them."""

        index_name = "by_actor"
        projection = AllProjection()

    actor_key = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class ByThing(GlobalSecondaryIndex["AuditRow"]):  # type: ignore[no-untyped-call]
    """What happened to one thing, in order of time."""

    class Meta:
        """All attributes: the list shows them."""

        index_name = "by_thing"
        projection = AllProjection()

    thing_key = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class AuditRow(Table):
    """One entry.

    Shape: `pk` is the organisation's month, `sk` the moment and the entry's id; `network` is where the actor was, cut
    so that it names no single line, and `place` a keyed digest of the whole address.
    """

    class Meta:
        """The shared table."""

        name = "audit"

    by_actor = ByActor()
    by_thing = ByThing()
    actor_key = UnicodeAttribute()
    thing_key = UnicodeAttribute()
    org_id = UnicodeAttribute()
    actor_kind = UnicodeAttribute()
    actor_id = UnicodeAttribute()
    way = UnicodeAttribute()
    action = UnicodeAttribute()
    thing = UnicodeAttribute()
    result = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    network = UnicodeAttribute(null=True)
    place = UnicodeAttribute(null=True)
    correlation_id = UnicodeAttribute()

    @property
    def id(self) -> str:
        """The entry's id."""
        return str(self.sk.partition("#")[2])

    @property
    def at(self) -> str:
        """When it happened, as RFC 3339 has it."""
        return str(self.sk.partition("#")[0])


@contextmanager
def acting(actor: Actor) -> Iterator[Actor]:
    """Says who does what is done inside."""
    token = _actor.set(actor)
    try:
        yield actor
    finally:
        _actor.reset(token)


@contextmanager
def counted() -> Iterator[Written]:
    """The number of entries that are made inside, so that a trigger knows whether one is still owed."""
    written = Written()
    token = _written.set(written)
    try:
        yield written
    finally:
        _written.reset(token)


def actor() -> Actor:
    """Who acts now; the system itself where nobody was named."""
    return _actor.get() or Actor("system", "svyaz", "system")


def concerns(org_id: str) -> None:
    """Says that what is done now is an organisation's matter, where whoever acts belongs to none."""
    who = actor()
    if who.org_id == NOBODY:
        who.org_id = org_id


def add(
    transaction: Transaction,
    action: str,
    thing: str,
    *,
    org_id: str = "",
    result: Result = "done",
    reason: str | None = None,
    way: Way | None = None,
) -> None:
    """Writes an entry with the transaction, in the name of whoever acts.

    Shape: `action` is `<system>.<verb>`, `thing` an id with its type's prefix; `org_id` and `way` only where they are
    not the actor's own.
    """
    row = _row(action, thing, org_id, result, reason)
    row.way = way or row.way
    transaction.create(row)
    transaction.then(_count)


def write(action: str, thing: str, *, org_id: str = "", result: Result = "done", reason: str | None = None) -> None:
    """Writes an entry that belongs to no change."""
    _row(action, thing, org_id, result, reason).save(AuditRow.pk.does_not_exist())
    _count()


def write_folded(action: str, thing: str, *, org_id: str = "", result: Result, reason: str) -> None:
    """Writes one entry for all of a minute that differ in nothing but the thing: a flood leaves one a minute.

    Shape: it stands at the minute's begin, under an id that follows from place, action and reason, so that processes
    that know nothing of each other write the same one; a process writes at most `FOLDED_MOST` of them a minute.
    """
    minute = moment_key(now().replace(second=0, microsecond=0))
    name = hashlib.sha256("\0".join((_place(actor()) or NOTHING, action, reason)).encode()).hexdigest()[:32]
    seen = _folded.of(minute)
    if name in seen or len(seen) >= FOLDED_MOST:
        log.count("AuditFolded", action=action)
        return
    row = _row(action, thing, org_id, result, reason)
    row.sk = f"{minute}#aud_{name}"
    with suppress(Conflict), unless(Conflict(Conflict.title)):
        row.save(AuditRow.pk.does_not_exist())
    seen.add(name)
    _count()


def month_key(org_id: str, moment: datetime) -> str:
    """The partition of an organisation's entries of a month."""
    return f"org#{org_id}#audit#{moment:%Y-%m}"


def moment_key(moment: datetime) -> str:
    """What the sort keys of a moment's entries begin with."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def actor_key(org_id: str, actor_id: str) -> str:
    """What entries are found by from whoever acted."""
    return f"org#{org_id}#actor#{actor_id}"


def thing_key(org_id: str, thing: str) -> str:
    """What entries are found by from what was acted on."""
    return f"org#{org_id}#thing#{thing}"


def network(address: str) -> str:
    """The network of an address: `203.0.113.0/24` or `2001:db8::/48`; empty for what is no address."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((found.packed, NETWORK_BITS[found.version]), strict=False))


def _row(action: str, thing: str, org_id: str, result: Result, reason: str | None) -> AuditRow:
    who, moment = actor(), now()
    org, named, place = org_id or who.org_id, _plain(thing), _place(who)
    actor_id = who.id or place or NOTHING
    return AuditRow(
        month_key(org, moment),
        f"{moment_key(moment)}#{new_id('aud')}",
        actor_key=actor_key(org, actor_id),
        thing_key=thing_key(org, named),
        org_id=org,
        actor_kind=who.kind,
        actor_id=actor_id,
        way=who.way,
        action=action,
        thing=named,
        result=result,
        reason=reason or None,
        network=network(who.address) or None,
        place=place,
        correlation_id=log.correlation_id(),
        expires_at=epoch_s(moment + timedelta(days=settings().audit_kept_days)),
    )


def _plain(thing: str) -> str:
    """A thing's name without signs that no id of ours has: it may come from an address that somebody made up."""
    return FOREIGN.sub("?", thing)[:MAX_THING] or NOTHING


def _place(who: Actor) -> str | None:
    return lookup_key("place", who.address) if who.address else None


def _count() -> None:
    written = _written.get()
    if written is not None:
        written.number += 1
