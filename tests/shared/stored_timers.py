"""Timers in the table, and what was sent of them."""

from __future__ import annotations

import json
from datetime import datetime

from shared import timers
from shared.tables import Transaction
from shared.timers import Cursor, Timer
from tests.support.clock import START
from tests.support.moto_aws import waiting

QUEUE = "timers-booking"

ONE_OF_EACH_SHARD = ("a", "b", "d", "e")


def made(timer_id: str, due_at: datetime, queue: str = QUEUE) -> Timer:
    """A timer that is not stored yet."""
    return timers.timer(queue, "test.due", due_at, org_id="org_a", timer_id=timer_id, subject={"id": timer_id})


def stored(timer_id: str, due_at: datetime, queue: str = QUEUE) -> Timer:
    """A timer that is."""
    transaction, timer = Transaction(), made(timer_id, due_at, queue)
    timers.add(transaction, timer)
    transaction.commit()
    return timer


def taken_back(timer: Timer) -> None:
    """Takes a timer back as a system does, in a transaction."""
    transaction = Transaction()
    timers.take_back(transaction, timer)
    transaction.commit()


def fired() -> list[str]:
    """The ids of the timers that were sent, in order."""
    return [json.loads(body)["body"]["timer_id"] for body in waiting(QUEUE)]


def left() -> list[str]:
    """The ids of the timers that are still stored."""
    return sorted(row.timer_id for row in Timer.scan() if row.pk != "cursor")


def cursors() -> list[int]:
    """The first hour of each shard that is not passed."""
    return [int(Cursor.get("cursor", str(shard)).hour) for shard in range(timers.SHARDS)]


def shard_of(timer_id: str) -> str:
    """The shard that a timer lies in."""
    return str(made(timer_id, START).pk.partition("#")[2])
