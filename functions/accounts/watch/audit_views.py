"""What the routes of the audit log and of notices take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from shared.bus import SuspicionKind, Value

FIRST_YEAR = 2020
LAST_YEAR = 2100


def _within_reach(moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(f"a year from {FIRST_YEAR} to {LAST_YEAR} is wanted")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_within_reach)]
Id = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9_.:/@?-]+$")]


class AuditSearch(Value):
    """Which entries are wanted: those that fit everything that is given."""

    actor: Annotated[Id | None, Field(examples=["usr_01a1f9708b7e7a698a78fc280d7dc2d3"])] = None
    thing: Annotated[Id | None, Field(examples=["bkg_01a1f9708b7e7a698a78fc280d7dc2d3"])] = None
    action: Annotated[str | None, Field(max_length=80, pattern=r"^[a-z_.]+$", examples=["accounts.member"])] = None
    result: Literal["done", "refused", "failed"] | None = None
    from_: Annotated[Moment | None, Field(alias="from", examples=["2026-11-01T00:00:00+03:00"])] = None
    to: Annotated[Moment | None, Field(examples=["2026-12-01T00:00:00+03:00"])] = None


class AuditQuery(AuditSearch):
    """A page of them; `action` is a name or its beginning up to a dot."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=300)] | None = None


class AuditEntry(Value):
    """Who did what, on what, when, from where, and how it ended."""

    id: Annotated[str, Field(examples=["aud_01a1f9708b7e7a698a78fc280d7dc2d3"])]
    at: AwareDatetime
    actor_kind: Annotated[str, Field(examples=["user"])]
    actor: Annotated[str, Field(examples=["usr_01a1f9708b7e7a698a78fc280d7dc2d3"])]
    way: Annotated[str, Field(examples=["http"])]
    action: Annotated[str, Field(examples=["booking.booking.created"])]
    thing: Annotated[str, Field(examples=["bkg_01a1f9708b7e7a698a78fc280d7dc2d3"])]
    result: Annotated[str, Field(examples=["done"])]
    reason: str | None = None
    network: Annotated[str | None, Field(examples=["203.0.113.0/24"])] = None
    place: str | None = None
    correlation_id: str


class AuditPage(Value):
    """Entries, the newest first; `next_cursor` is there when there may be more, even where a page is short."""

    items: tuple[AuditEntry, ...]
    next_cursor: str | None = None


class NoticeQuery(Value):
    """A page of notices."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Annotated[str, Field(max_length=300)] | None = None


class Notice(Value):
    """Something that an administrator should look at, in the words of the caller's language."""

    at: AwareDatetime
    kind: SuspicionKind
    subject: Annotated[str, Field(examples=["usr_01a1f9708b7e7a698a78fc280d7dc2d3"])]
    text: str
    since: AwareDatetime
    number: int


class NoticePage(Value):
    """Notices, the newest first; `next_cursor` is there when there are more."""

    items: tuple[Notice, ...]
    next_cursor: str | None = None
