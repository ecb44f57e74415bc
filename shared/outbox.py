"""The outbox: what is to be said to people. The row is the truth; the queue message is a hint.

A row is written in the transaction that decides, together with a lease of a minute; the hint that follows carries the
lease, and its holder may send until it ends. What is unsent then is leased again by the sweeper.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex

from shared import log, queues, sandbox
from shared.bus import Contact, OutboundHint, OutboundMessage
from shared.clock import epoch_s, now
from shared.errors import Conflict, SvyazError
from shared.ids import new_id
from shared.keys import lookup_key
from shared.tables import Table, Transaction, unless

LEASE = timedelta(seconds=60)
KEPT = timedelta(days=30)
MAX_ATTEMPTS = 12
MAX_PAUSE_S = 3600
SHARDS = 4
SWEPT_MOST = 500
SEND = "message.send"


class Unsent(GlobalSecondaryIndex["OutboxRow"]):  # type: ignore[no-untyped-call]  # PynamoDB forgot its types
    """Rows that are not sent, by the time when somebody should try again."""

    class Meta:
        """All attributes: the sweeper needs the message."""

        index_name = "unsent"
        projection = AllProjection()

    unsent_shard = UnicodeAttribute(hash_key=True)
    try_at = NumberAttribute(range_key=True)


class OutboxRow(Table):
    """One message to one person.

    Shape: `pk` is the conversation, `sk` the message's id; `unsent_shard` and `try_at` are there until the end is
    known.
    """

    class Meta:
        """The shared table."""

        name = "outbox"

    unsent = Unsent()
    unsent_shard = UnicodeAttribute(null=True)
    try_at = NumberAttribute(null=True)
    org_id = UnicodeAttribute()
    message = UnicodeAttribute()
    status = UnicodeAttribute(default="unsent")
    reason = UnicodeAttribute(null=True)
    attempts = NumberAttribute(default=1)
    lease = UnicodeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    correlation_id = UnicodeAttribute()


def conversation_key(contact: Contact) -> str:
    """What names a conversation in keys and groups: no address of the person stands in it."""
    return lookup_key("conversation", f"{contact.channel}:{contact.account_id}:{contact.chat}")


def add(transaction: Transaction, org_id: str, messages: Sequence[OutboundMessage]) -> list[OutboundHint]:
    """Writes messages with the transaction; the hints are to be given to `announce` after its commit."""
    hints = []
    until = now() + LEASE
    for given in messages:
        message = given.model_copy(update={"is_test": True}) if sandbox.is_on() else given
        lease = new_id("lea")
        row = OutboxRow(
            conversation_key(message.contact),
            message.id,
            org_id=org_id,
            message=message.model_dump_json(exclude_none=True),
            unsent_shard=_shard(conversation_key(message.contact)),
            try_at=epoch_s(until),
            lease=lease,
            correlation_id=log.correlation_id(),
            expires_at=epoch_s(until + KEPT),
        )
        transaction.create(row)
        hints.append(OutboundHint(message=message, lease_until=until, lease=lease))
    return hints


def announce(org_id: str, hints: Sequence[OutboundHint]) -> None:
    """Tells the senders at once; without it the sweeper would, a minute later."""
    for hint in hints:
        contact = hint.message.contact
        queues.hint(
            outgoing_queue(contact.channel),
            queues.envelope(SEND, hint, org_id=org_id, actor="outbox"),
            group=conversation_key(contact),
            dedupe=hint.lease,
        )


def outgoing_queue(channel: str) -> str:
    """The queue of what leaves by a channel."""
    return f"outgoing-{channel}.fifo"


def claim(hint: OutboundHint) -> OutboundHint:
    """A fresh lease in place of one that ended.

    Raises: Conflict where the message is sent already or somebody else holds it.
    """
    row = OutboxRow(conversation_key(hint.message.contact), hint.message.id)
    return _lease(row, OutboxRow.lease == hint.lease)


def _lease(row: OutboxRow, condition: Condition, pause_s: int = 0) -> OutboundHint:
    moment = now()
    try_at = epoch_s(moment) + max(pause_s, int(LEASE.total_seconds()))
    lease = new_id("lea")
    with unless(Conflict("Somebody else sends this message.")):
        row.update(
            [OutboxRow.lease.set(lease), OutboxRow.try_at.set(try_at), OutboxRow.attempts.add(1)],
            condition=(OutboxRow.status == "unsent") & condition,
        )
    return _hint(row, moment + LEASE, lease)


def _hint(row: OutboxRow, until: datetime, lease: str) -> OutboundHint:
    message = OutboundMessage.model_validate_json(row.message)
    return OutboundHint(message=message, lease_until=until, lease=lease)


def record(hint: OutboundHint, status: str, *, provider_id: str | None = None, reason: str | None = None) -> None:
    """Notes how the sending ended: `sent` or `failed`; the row leaves the sweeper's list."""
    _end(OutboxRow(conversation_key(hint.message.contact), hint.message.id), hint.lease, status, provider_id, reason)


def _end(row: OutboxRow, lease: str, status: str, provider_id: str | None, reason: str | None) -> None:
    actions: list[Action] = [
        OutboxRow.status.set(status),
        OutboxRow.unsent_shard.remove(),
        OutboxRow.try_at.remove(),
        OutboxRow.lease.remove(),
    ]
    if provider_id is not None:
        actions.append(OutboxRow.provider_id.set(provider_id))
    if reason is not None:
        actions.append(OutboxRow.reason.set(reason))
    with unless(Conflict("Somebody else sends this message.")):
        row.update(actions, condition=OutboxRow.lease == lease)


def sweep(until: datetime | None = None) -> int:
    """How many unsent messages were leased again and announced; those tried too often are given up.

    Shape: at most `SWEPT_MOST` of each shard, those first that wait longest.
    """
    moment = epoch_s(until or now())
    return sum(_again(row) for shard in range(SHARDS) for row in _due(shard, moment))


def history(contact: Contact, most: int) -> list[OutboxRow]:
    """The latest messages of a conversation, oldest first."""
    rows = OutboxRow.query(conversation_key(contact), scan_index_forward=False, limit=most, consistent_read=True)
    return list(rows)[::-1]


def _due(shard: int, moment: int) -> list[OutboxRow]:
    rows = OutboxRow.unsent.query(str(shard), OutboxRow.try_at <= moment, limit=SWEPT_MOST)
    return sorted(rows, key=lambda row: (row.pk, row.sk))


def _again(row: OutboxRow) -> int:
    with log.context(correlation_id=row.correlation_id):
        try:
            if row.attempts >= MAX_ATTEMPTS:
                _give_up(row)
                return 0
            pause_s = min(MAX_PAUSE_S, int(LEASE.total_seconds()) * 2 ** (int(row.attempts) - 1))
            hint = _lease(row, OutboxRow.lease == row.lease, pause_s)
            announce(row.org_id, [hint])
        except Conflict:
            return 0
        except SvyazError:
            raise
        except Exception:  # noqa: BLE001  # whatever it is, this message alone waits
            log.failure("message.stuck", message_id=row.sk)
            return 0
        return 1


def _give_up(row: OutboxRow) -> None:
    _end(row, str(row.lease), "failed", provider_id=None, reason="tried too often")
    log.count("MessageGivenUp", channel=json.loads(row.message)["contact"]["channel"])


def _shard(conversation: str) -> str:
    return str(int(conversation[-4:], 16) % SHARDS)
