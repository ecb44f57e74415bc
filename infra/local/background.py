"""Functions that nobody waits for: asynchronous calls with Lambda's two retries, and the events that cause them.

S3 notifications and EventBridge rules put events into queues of the runtime's own; from there each goes to its
function.
Not imitated: on-failure destinations, input transformers, event buses other than the default one.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any

from infra.local.aws_calls import AwsCallFailed, AwsCalls
from infra.local.definitions import Function, events_queue
from infra.local.functions import CallFailed, Functions
from infra.local.queue_events import ACCOUNT, Message
from infra.local.queues import MOST_MESSAGES, PAUSE_S, queue_url, receive

RETRY_PAUSES_S = (60.0, 120.0)
Tell = Callable[[str], None]


def eventbridge_event(source: str, kind: str, region: str, moment: datetime, **more: Any) -> dict[str, Any]:
    """An event as EventBridge hands it to a function.

    Source: https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html (read 2026-11-20).
    """
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": kind,
        "source": source,
        "account": ACCOUNT,
        "time": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": region,
        "resources": [],
        "detail": {},
        **more,
    }


class BackgroundCalls:
    """Calls functions without anybody waiting; a failed call is made twice more."""

    def __init__(self, functions: Functions, tell: Tell, pauses_s: Sequence[float] = RETRY_PAUSES_S) -> None:
        self._functions = functions
        self._tell = tell
        self._pauses_s = pauses_s
        self._running: set[asyncio.Task[None]] = set()

    def start(self, function: Function, event: Any) -> None:
        """Begins a call."""
        self.begin(self.call(function, event))

    async def call(self, function: Function, event: Any) -> None:
        """Returns when the call succeeded, or failed for good."""
        for pause_s in (*self._pauses_s, None):
            try:
                await self._functions.call(function, event)
            except CallFailed:
                if pause_s is None:
                    self._tell(f"{function.name}: an event is given up after {len(self._pauses_s) + 1} calls")
                    return
                await asyncio.sleep(pause_s)
            else:
                return

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs something beside everything else."""
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def stop(self, grace_s: float) -> None:
        """Ends what is still under way after a while; its events come back, or are lost where nobody keeps them."""
        if self._running:
            await asyncio.wait(self._running, timeout=grace_s)
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)


class EventPoller:
    """Takes a function's events from the runtime's own queue, until it is cancelled."""

    def __init__(self, function: Function, aws: AwsCalls, calls: BackgroundCalls) -> None:
        self._function = function
        self._aws = aws
        self._calls = calls

    async def run(self) -> None:
        """Never returns by itself."""
        while True:
            try:
                url = await queue_url(self._aws, events_queue(self._function))
                for message in await receive(self._aws, url, MOST_MESSAGES):
                    self._calls.begin(self._take(url, message))
            except AwsCallFailed:
                await asyncio.sleep(PAUSE_S)

    async def _take(self, url: str, message: Message) -> None:
        event = json.loads(message["Body"])
        if event.get("Event") != "s3:TestEvent":  # S3 sends it to queues alone, and never to functions
            await self._calls.call(self._function, event)
        try:
            await self._aws.call("sqs", "DeleteMessage", QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        except AwsCallFailed:
            return  # the event comes once more: functions are called at least once
