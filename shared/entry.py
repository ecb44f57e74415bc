"""What every trigger begins with: settings checked, logging set up, a correlation id for all that follows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from shared import log
from shared.ids import new_id
from shared.settings import settings


@contextmanager
def trigger(kind: str, name: str, correlation_id: str | None = None) -> Iterator[str]:
    """The correlation id of one piece of work, logged under the name of what woke it."""
    _start()
    found = correlation_id or new_id("cor")
    with log.context(correlation_id=found, trigger=kind, function=name):
        yield found


@cache
def _start() -> None:
    log.set_up(settings().log_level)
