"""The clock that the local page moves; functions read its offset from the file (see `shared.clock`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from infra.local.aws.files import replace_file

FURTHEST = timedelta(days=3660)


class LocalClock:
    """The present moment, moved by an offset that outlives restarts."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.offset = timedelta(seconds=float(path.read_text(encoding="ascii")))
        except (FileNotFoundError, ValueError, OverflowError):
            self.offset = timedelta()

    def __call__(self) -> datetime:
        """The moment that all triggers obey."""
        return datetime.now(UTC) + self.offset

    def advance(self, by: timedelta) -> None:
        """Moves the clock on.

        Raises: ValueError for moves back or beyond ten years; OSError when it cannot be kept.
        """
        if not timedelta() < by <= FURTHEST or self.offset + by > FURTHEST:
            raise ValueError("the clock moves forward, by ten years in all")
        self._set(self.offset + by)

    def reset(self) -> None:
        """Goes back to the real time.

        Raises: OSError.
        """
        self._set(timedelta())

    def _set(self, offset: timedelta) -> None:
        replace_file(self.path, str(offset.total_seconds()).encode())
        self.offset = offset
