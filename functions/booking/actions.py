"""What buttons carry: a letter and a few short fields, within the 64 bytes that every channel allows. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

SEPARATOR = ":"
FIELD = re.compile(r"[A-Za-z0-9_-]{0,40}")
EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
MINUTE_S = 60
FIELDS = 7
DATE_LENGTH = 8


class Step(StrEnum):
    """What a button asks for."""

    SERVICES = "m"
    SERVICE = "s"
    DAYS = "d"
    TIMES = "t"
    OFFER = "o"
    CONFIRM = "c"
    BOOKINGS = "l"
    BOOKING = "b"
    ASK_CANCEL = "x"
    CANCEL = "y"
    MASTERS = "w"
    MASTER = "k"


@dataclass(frozen=True)
class Action:
    """One thing that a button asks for, always within one master's chat."""

    step: Step
    code: str
    service: str = ""
    place: str = ""
    day: date | None = None
    start: datetime | None = None
    subject: str = ""
    page: int = 0


def payload(action: Action) -> str:
    """The text that a button carries.

    Shape: ASCII, at most 64 bytes for codes of 16 and keys of 4 characters.
    """
    fields = [action.step.value, action.code, action.service, action.place, _when(action), action.subject]
    fields.append(str(action.page) if action.page else "")
    return SEPARATOR.join(fields).rstrip(SEPARATOR)


def read(text: str) -> Action | None:
    """The action of a button, None for a text that no button of ours carries."""
    fields = text.split(SEPARATOR)
    if len(fields) > FIELDS or not all(FIELD.fullmatch(each) for each in fields):
        return None
    step, code, service, place, when, subject, page = (*fields, *[""] * (FIELDS - len(fields)))
    try:
        return Action(
            step=Step(step),
            code=code,
            service=service,
            place=place,
            day=date.fromisoformat(when) if len(when) == DATE_LENGTH else None,
            start=_moment(when) if when and len(when) < DATE_LENGTH else None,
            subject=subject,
            page=min(int(page), 1000) if page else 0,
        )
    except (ValueError, OverflowError):
        return None


def _when(action: Action) -> str:
    if action.day is not None:
        return action.day.strftime("%Y%m%d")
    if action.start is not None:
        return f"{int((action.start - EPOCH).total_seconds()) // MINUTE_S:x}"
    return ""


def _moment(text: str) -> datetime:
    return datetime.fromtimestamp(EPOCH.timestamp() + int(text, 16) * MINUTE_S, UTC)
