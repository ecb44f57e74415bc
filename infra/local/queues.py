"""Queues that wake functions, as Lambda's event source mapping polls them.

Batches of one queue may be under way at the same time; SQS itself keeps the messages of a FIFO group apart and in
order. What failed becomes visible again after the queue's visibility time-out, and its redrive policy puts aside what
fails too often.
Not imitated: batching windows, filters, scaling to hundreds of batches, the split of batches over 6 MB.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from typing import Any

from infra.local.aws_calls import AwsCallFailed, AwsCalls
from infra.local.definitions import QueueTrigger
from infra.local.functions import CallFailed, Functions
from infra.local.queue_events import Message, batch_event, failed_ids

BATCHES = 2
WAIT_S = 20
MOST_MESSAGES = 10
PAUSE_S = 1.0
Tell = Callable[[str], None]
Begin = Callable[[Coroutine[Any, Any, None]], None]


async def queue_url(aws: AwsCalls, queue: str) -> str:
    """The address of a queue.

    Raises: AwsCallFailed.
    """
    found = await aws.call("sqs", "GetQueueUrl", QueueName=queue)
    return str(found["QueueUrl"])


async def receive(aws: AwsCalls, url: str, most: int) -> list[Message]:
    """Messages, as soon as there are any.

    Raises: AwsCallFailed.
    """
    found = await aws.call(
        "sqs",
        "ReceiveMessage",
        QueueUrl=url,
        MaxNumberOfMessages=min(most, MOST_MESSAGES),
        WaitTimeSeconds=WAIT_S,
        AttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    messages: list[Message] = found.get("Messages") or []
    return messages


class QueuePoller:
    """Takes one queue's messages to its function; `begin` runs a batch beside everything else."""

    def __init__(
        self, trigger: QueueTrigger, aws: AwsCalls, functions: Functions, region: str, begin: Begin, tell: Tell
    ) -> None:
        self._trigger = trigger
        self._aws = aws
        self._functions = functions
        self._region = region
        self._begin = begin
        self._tell = tell
        self._slots = asyncio.Semaphore(BATCHES)

    async def run(self) -> None:
        """Never returns by itself; batches under way are not ended with it."""
        while True:
            await self._slots.acquire()
            self._begin(self._handle(await self._next()))

    async def _next(self) -> list[Message]:
        while True:
            try:
                await self._functions.until_free(self._trigger.function)
                url = await queue_url(self._aws, self._trigger.queue)
                if messages := await receive(self._aws, url, self._trigger.batch_size):
                    return messages
            except AwsCallFailed as error:
                self._tell(f"{self._trigger.queue} cannot be read: {error}")
                await asyncio.sleep(PAUSE_S)

    async def _handle(self, messages: list[Message]) -> None:
        started = time.monotonic()
        try:
            event = batch_event(self._trigger.queue, self._region, messages)
            failed = failed_ids(messages, await self._functions.call(self._trigger.function, event))
            await self._delete([message for message in messages if message["MessageId"] not in failed])
            spent_ms = (time.monotonic() - started) * 1000
            number = f"{len(messages)} message{'s' if len(messages) > 1 else ''}"
            trouble = f", {len(failed)} come back" if failed else ""
            self._tell(f"{self._trigger.function.name} {number} {spent_ms:.0f} ms{trouble}")
        except CallFailed:
            return  # told already; the whole batch comes back
        except AwsCallFailed as error:
            self._tell(f"{self._trigger.queue}: handled messages could not be deleted and come back: {error}")
        finally:
            self._slots.release()

    async def _delete(self, messages: list[Message]) -> None:
        if not messages:
            return
        entries: list[dict[str, Any]] = [
            {"Id": str(number), "ReceiptHandle": message["ReceiptHandle"]} for number, message in enumerate(messages)
        ]
        url = await queue_url(self._aws, self._trigger.queue)
        await self._aws.call("sqs", "DeleteMessageBatch", QueueUrl=url, Entries=entries)
