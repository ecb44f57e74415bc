"""Messages of tests: what a test key would have sent, kept for a week to be looked at, sealed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from shared import vault
from shared.clock import epoch_s, now
from shared.ids import new_id
from shared.outbox import OutboxRow

Kind = Literal["letter", "message"]
KEPT = timedelta(days=7)
PREFIX = "tst"


@dataclass(frozen=True)
class KeptMessage:
    """Something that would have been sent.

    Shape: `to` is a mail address, or the channel and the chat; `subject` is a letter's.
    """

    id: str
    kind: Kind
    to: str
    subject: str
    text: str
    at: datetime


def keep(org_id: str, kind: Kind, to: str, text: str, *, subject: str = "", message_id: str = "") -> str:
    """The id under which a message is kept; a message that has an id already is kept once."""
    moment = now()
    kept_id = f"{PREFIX}_{message_id.rpartition('_')[2]}" if message_id else new_id(PREFIX)
    content = json.dumps({"kind": kind, "to": to, "subject": subject, "text": text, "at": moment.isoformat()})
    OutboxRow(
        _partition(org_id),
        kept_id,
        org_id=org_id,
        message=vault.encrypt(content, _context(org_id, kept_id)),
        status="kept",
        correlation_id="",
        expires_at=epoch_s(moment + KEPT),
    ).save()
    return kept_id


def kept(org_id: str, most: int, before: str = "") -> list[KeptMessage]:
    """The newest messages of an organisation's tests; those older than the one of an id where it is given."""
    older = OutboxRow.sk < before if before else None
    rows = OutboxRow.query(_partition(org_id), older, scan_index_forward=False, limit=most, consistent_read=True)
    moment = epoch_s(now())
    return [_read(org_id, row) for row in rows if (row.expires_at or 0) > moment]


def _read(org_id: str, row: OutboxRow) -> KeptMessage:
    found = json.loads(vault.decrypt(row.message, _context(org_id, row.sk)))
    at = datetime.fromisoformat(found.pop("at"))
    return KeptMessage(id=row.sk, at=at, **found)


def _partition(org_id: str) -> str:
    return f"org#{org_id}#sandbox"


def _context(org_id: str, kept_id: str) -> str:
    return f"sandbox|{org_id}|{kept_id}"
