"""The one place that tells the time, so that stage `local` and tests can move it."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

OFFSET_FILE_VARIABLE = "SVYAZ_CLOCK_FILE"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def now() -> datetime:
    """The present moment in UTC, moved by the offset of stage `local` where one is set."""
    return datetime.now(UTC) + _offset()


def _offset() -> timedelta:
    name = os.environ.get(OFFSET_FILE_VARIABLE)
    if not name:
        return timedelta()
    try:
        return timedelta(seconds=float(Path(name).read_text(encoding="ascii")))
    except (OSError, ValueError, OverflowError):
        return timedelta()


def epoch_s(moment: datetime) -> int:
    """Whole seconds since 1970 of an aware datetime."""
    return int(moment.timestamp())


def epoch_ms(moment: datetime) -> int:
    """Whole milliseconds since 1970 of an aware datetime, never more than have passed."""
    return (moment - EPOCH) // timedelta(milliseconds=1)
