"""What is changed inside ministack 1.5.33, and why."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from infra.local.aws.backend import Ministack

_log = logging.getLogger(__name__)
_POLL_S = 0.25
_SHORT_PAUSE_S = 0.1


class QueueAlarm:
    """Wakes waiting ReceiveMessage calls as soon as a queue may have changed.

    ministack looks every 0.1 s: each hop through a queue would take 50 ms, and an idle machine would never rest.
    It takes the place of the `asyncio` module inside ministack's SQS, of which only these two names are used.
    """

    iscoroutine = staticmethod(asyncio.iscoroutine)

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    def ring(self) -> None:
        """Wakes everybody who waits now."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def sleep(self, pause_s: float) -> None:
        """Returns after a change, or when it is time to look whether a delayed message has become visible."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_POLL_S if pause_s >= _SHORT_PAUSE_S else pause_s):
                await self._changed.wait()


class UnwrittenObjects:
    """S3 objects that the disk refused: ministack keeps such bytes in memory and forgets to write them later."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self._write: Callable[[str, str, Any], None] = s3._persist_object  # noqa: SLF001
        self._keys: set[tuple[str, str]] = set()

    def __len__(self) -> int:
        return len(self._keys)

    def write(self, bucket: str, key: str, record: Any) -> None:
        """Writes the object, or remembers that it could not be written."""
        self._write(bucket, key, record)
        if isinstance(record, dict) and record.get("body") is not None:
            self._keys.add((bucket, key))
        else:
            self._keys.discard((bucket, key))

    def write_again(self) -> None:
        """Tries again all that was refused and still exists."""
        for bucket, key in list(self._keys):
            record = (self._s3._buckets.get(bucket) or {"objects": {}})["objects"].get(key)  # noqa: SLF001
            if record is None:
                self._keys.discard((bucket, key))
            else:
                self.write(bucket, key, record)


def change_objects(s3: Any) -> UnwrittenObjects:
    """The objects that wait for room on the disk, from now on kept track of."""
    unwritten = UnwrittenObjects(s3)
    s3._persist_object = unwritten.write  # noqa: SLF001
    logging.getLogger("s3").addFilter(lambda record: not str(record.msg).startswith("Failed to persist S3 object"))
    return unwritten


def change_events(ministack: Ministack) -> None:
    """Delivers S3 events in the turn of the request; ministack's own threads would race with reads of the queue."""
    s3 = ministack.services["s3"]

    def fire(
        bucket: str, key: str, event: str, size: int = 0, etag: str = "", deletion_type: str | None = None, **more: Any
    ) -> None:
        if bucket in s3._bucket_notifications:  # noqa: SLF001
            sequencer = s3._next_event_sequencer(event)  # noqa: SLF001
            s3._fire_s3_event(bucket, key, event, size, etag, deletion_type, sequencer=sequencer, **more)  # noqa: SLF001

    s3._fire_s3_event_async = fire  # noqa: SLF001


def change_queues(ministack: Ministack) -> QueueAlarm:
    """The alarm that waiting readers of queues listen to."""
    alarm = QueueAlarm()
    ministack.services["sqs"].asyncio = alarm
    return alarm


async def tick_schedules(ministack: Ministack, alarm: QueueAlarm) -> None:
    """Never returns: fires scheduled EventBridge rules on the loop, every 10 s as ministack's thread would."""
    eventbridge = ministack.services["eventbridge"]
    while True:
        await asyncio.sleep(eventbridge._SCHEDULER_TICK_INTERVAL)  # noqa: SLF001
        try:
            eventbridge._tick_scheduled_rules()  # noqa: SLF001
        except Exception:  # noqa: BLE001 - whatever breaks inside ministack, the other schedules go on
            _log.exception("a scheduled rule could not be evaluated")
        alarm.ring()
