"""Timers: what is to happen later, kept by the hour and moment it is due.

A timer is written in the transaction that decides. Each minute a cron function sends what has come due. The cursor of
a shard goes past an hour only when it is drained and over for 60 s, so missed ticks are caught up and late inserts
still fire. Timers due within 15 minutes are also hinted through a queue's delay, which makes them exact to the second.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from zlib import crc32

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from shared import log, queues, sandbox
from shared.bus import Envelope, TimerDue
from shared.clock import epoch_s, now
from shared.errors import Conflict, SvyazError
from shared.tables import Table, Transaction, find, unless

SHARDS = 4
GRACE_S = 60
HOUR_S = 3600
DUE = "timer.due"
MAX_HOURS = 480
STRIDE = 24
FIRST_LOOK_BACK = 2
PUT_OFF_S = 300


class Timer(Table):
    """One timer: `pk` is the hour and shard, `sk` the second and its id; `is_test` is there for a test's alone."""

    class Meta:
        """The shared table."""

        name = "timers"

    org_id = UnicodeAttribute()
    queue = UnicodeAttribute()
    name = UnicodeAttribute()
    due_at = NumberAttribute()
    subject = UnicodeAttribute()
    is_test = BooleanAttribute(null=True)

    @property
    def timer_id(self) -> str:
        """The id that the caller chose."""
        return str(self.sk.partition("#")[2])


class Cursor(Table):
    """The first hour of a shard that is not yet passed.

    Units: `hour` is in hours since 1970.
    """

    class Meta:
        """The shared table."""

        name = "timers"

    hour = NumberAttribute()


def timer(queue: str, name: str, due_at: datetime, *, org_id: str, timer_id: str, subject: dict[str, str]) -> Timer:
    """A timer that puts a `timer.due` with its name and subject into a system's queue.

    Shape: `timer_id` is chosen by the caller and stays the same for the same thing, so that it can be taken back.
    """
    due_s = max(epoch_s(due_at), epoch_s(now()))
    return Timer(
        *_key(due_s, timer_id),
        org_id=org_id,
        queue=queue,
        name=name,
        due_at=due_s,
        subject=json.dumps(subject),
        is_test=sandbox.is_on() or None,
    )


def add(transaction: Transaction, made: Timer) -> None:
    """Sets a timer with the transaction."""
    transaction.put(made)


def announce(made: Sequence[Timer]) -> None:
    """Puts those of the timers that are due soon into their queues' delay; their items fire again, to no effect."""
    for soon in made:
        delay_s = int(soon.due_at) - epoch_s(now())
        if delay_s <= queues.MAX_DELAY_S:
            queues.hint(soon.queue, _envelope(soon), delay_s=max(0, delay_s))


def take_back(transaction: Transaction, made: Timer) -> None:
    """Removes a timer with the transaction; one that has fired already is no error."""
    transaction.delete(made)


def fire_due(until: datetime | None = None) -> int:
    """How many timers were sent to their systems' queues; at least once each, their consumers know them by id."""
    moment = epoch_s(until or now())
    return sum(_pass(shard, moment) for shard in range(SHARDS))


def _pass(shard: int, moment: int) -> int:
    cursor = _cursor(shard, moment)
    present, settled = moment // HOUR_S, (moment - GRACE_S) // HOUR_S
    first = min(int(cursor.hour), settled)  # a cursor lies ahead where the local clock was put back
    fired = 0
    for begin in range(first, min(present, first + MAX_HOURS) + 1, STRIDE):
        hours = range(begin, min(begin + STRIDE, present + 1))
        fired += sum(_fire(due, moment) for hour in hours for due in _due(hour, shard, moment))
        _advance(cursor, min(hours.stop, settled))
    return fired


def _due(hour: int, shard: int, moment: int) -> Iterator[Timer]:
    return Timer.query(f"{hour}#{shard}", Timer.sk < str(moment + 1), consistent_read=True)


def _fire(due: Timer, moment: int) -> int:
    try:
        queues.send(due.queue, _envelope(due))
    except SvyazError:
        raise
    except Exception:  # noqa: BLE001  # whatever it is, this timer alone is put off and holds up no other
        log.failure("timer.stuck", timer_id=due.timer_id, queue=due.queue)
        log.count("TimerStuck")
        _put_off(due, moment + PUT_OFF_S)
        return 0
    due.delete()
    return 1


def _put_off(stuck: Timer, until: int) -> None:
    transaction = Transaction()
    transaction.delete(stuck)
    pk, sk = _key(until, stuck.timer_id)
    transaction.put(Timer(**stuck.attribute_values | {"pk": pk, "sk": sk, "due_at": until}))
    transaction.commit()


def _envelope(due: Timer) -> Envelope:
    body = TimerDue(
        timer_id=due.timer_id,
        name=due.name,
        due_at=datetime.fromtimestamp(int(due.due_at), UTC),
        subject=json.loads(due.subject),
    )
    with sandbox.testing(due.org_id if due.is_test else ""):
        return queues.envelope(DUE, body, org_id=due.org_id, actor="timer", id=due.timer_id)


def _cursor(shard: int, moment: int) -> Cursor:
    found = find(Cursor, "cursor", str(shard))
    if found is not None:
        return found
    made = Cursor("cursor", str(shard), hour=(moment - GRACE_S) // HOUR_S - FIRST_LOOK_BACK)
    with suppress(Conflict), unless(Conflict("Another tick has passed this minute.")):
        made.save(condition=Cursor.pk.does_not_exist())
    return made


def _advance(cursor: Cursor, hour: int) -> None:
    """Moves the cursor on, and never back where another tick has gone further."""
    if hour > cursor.hour:
        with suppress(Conflict), unless(Conflict("Another tick has passed this minute.")):
            cursor.update([Cursor.hour.set(hour)], condition=Cursor.hour < hour)


def _key(due_s: int, timer_id: str) -> tuple[str, str]:
    return f"{due_s // HOUR_S}#{crc32(timer_id.encode()) % SHARDS}", f"{due_s}#{timer_id}"
