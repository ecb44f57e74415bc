"""Giving way: who loses a race for the same items reads anew after a pause that spreads the contenders."""

from __future__ import annotations

import random
import time

from shared import log

ATTEMPTS = 10
PAUSE_S = 0.03


def give_way(what: str, attempt: int) -> None:
    """Waits a little, on average longer with every attempt."""
    log.info("contended", what=what, attempt=attempt)
    time.sleep(random.uniform(0, PAUSE_S * (attempt + 1)))  # noqa: S311  # only spreads attempts
