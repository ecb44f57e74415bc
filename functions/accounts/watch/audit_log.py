"""Reading the audit log of one organisation: by person, by thing and by time, the newest first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from functions.accounts.watch.audit_views import AuditEntry, AuditPage, AuditQuery, AuditSearch
from shared import audit, cursors
from shared.audit import AuditRow
from shared.clock import epoch_s, now
from shared.errors import Forbidden, InvalidField
from shared.settings import settings

LISTING = "audit"
LOOKED_AT_MOST = 2000
FILE_ROWS_MOST = 10_000
FILE_LOOKED_AT_MOST = 50_000
COLUMNS = tuple(AuditEntry.model_fields)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")
AHEAD = timedelta(minutes=5)


@dataclass(frozen=True)
class Span:
    """A time from one sort key to another."""

    first: str
    last: str


def page(org_id: str, query: AuditQuery) -> AuditPage:
    """A page of an organisation's entries.

    Shape: at most `LOOKED_AT_MOST` entries are looked at, so that a rare one does not hold up the answer; the cursor
    goes on behind them.
    Raises: InvalidField, Forbidden without an organisation.
    """
    listing = f"{LISTING}:{org_id}"
    before = cursors.position(listing, query.cursor) if query.cursor else None
    found: list[AuditRow] = []
    looked_at = 0
    last = ""
    for row in islice(_rows(org_id, query, before), LOOKED_AT_MOST):
        looked_at, last = looked_at + 1, str(row.sk)
        if _fits(row, query):
            found.append(row)
        if len(found) == query.limit:
            break
    is_more = len(found) == query.limit or looked_at == LOOKED_AT_MOST
    return AuditPage(
        items=tuple(_entry(row) for row in found), next_cursor=cursors.cursor(listing, last) if is_more else None
    )


def table(org_id: str, search: AuditSearch) -> tuple[str, int]:
    """All entries that fit, as a CSV file in UTF-8, and their number.

    Shape: no cell begins like a formula.
    Raises: InvalidField where there are too many, Forbidden without an organisation.
    """
    looked_at = islice(_rows(org_id, search, None), FILE_LOOKED_AT_MOST + 1)
    found: list[AuditRow] = []
    for at, row in enumerate(looked_at):
        if _fits(row, search):
            found.append(row)
        if len(found) > FILE_ROWS_MOST or at >= FILE_LOOKED_AT_MOST:
            raise InvalidField("These are too many entries for one file: narrow the time or name a person.")
    return _csv(found), len(found)


def _rows(org_id: str, search: AuditSearch, before: str | None) -> Iterator[AuditRow]:
    """Entries that may fit, the newest first; only those that are still kept."""
    if org_id in {"", audit.NOBODY}:
        raise Forbidden("You may not do this.")
    span, moment = _span(search, before), epoch_s(now())
    found = _stored(org_id, search, span) if span.first < span.last else iter(())
    return (row for row in found if row.sk != before and (row.expires_at or 0) > moment)


def _stored(org_id: str, search: AuditSearch, span: Span) -> Iterator[AuditRow]:
    between = AuditRow.sk.between(span.first, span.last)
    if search.actor is not None:
        return AuditRow.by_actor.query(audit.actor_key(org_id, search.actor), between, scan_index_forward=False)
    if search.thing is not None:
        return AuditRow.by_thing.query(audit.thing_key(org_id, search.thing), between, scan_index_forward=False)
    return _by_month(org_id, span)


def _by_month(org_id: str, span: Span) -> Iterator[AuditRow]:
    first, month = _moment(span.first), _moment(span.last).replace(day=1)
    between = AuditRow.sk.between(span.first, span.last)
    while (month.year, month.month) >= (first.year, first.month):
        partition = audit.month_key(org_id, month)
        yield from AuditRow.query(partition, between, scan_index_forward=False, consistent_read=True)
        month = (month - timedelta(days=1)).replace(day=1)


def _span(search: AuditSearch, before: str | None) -> Span:
    """The time that is asked for, cut to what may be kept and to what does not come after the cursor."""
    moment = now()
    oldest = moment - timedelta(days=settings().audit_kept_days)
    first = max(oldest, search.from_ or oldest)
    last = audit.moment_key(min(search.to or moment + AHEAD, moment + AHEAD))
    return Span(audit.moment_key(first), min(last, before or last))


def _moment(key: str) -> datetime:
    return datetime.fromisoformat(key.partition("#")[0])


def _fits(row: AuditRow, search: AuditSearch) -> bool:
    is_action = search.action is None or row.action == search.action or row.action.startswith(f"{search.action}.")
    wanted = ((search.thing, row.thing), (search.result, row.result), (search.actor, row.actor_id))
    return is_action and all(asked is None or asked == found for asked, found in wanted)


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=datetime.fromisoformat(row.at),
        actor_kind=row.actor_kind,
        actor=row.actor_id,
        way=row.way,
        action=row.action,
        thing=row.thing,
        result=row.result,
        reason=row.reason,
        network=row.network,
        place=row.place,
        correlation_id=row.correlation_id,
    )


def _csv(rows: list[AuditRow]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        shown = _entry(row).model_dump(mode="json")
        writer.writerow([_cell(shown[name]) for name in COLUMNS])
    return text.getvalue()


def _cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
