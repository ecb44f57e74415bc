"""Alarms of dead-letter queues: the one kind of CloudWatch alarm that is imitated.

A queue that is no longer empty, or empty again, makes the state change that EventBridge would carry; functions with a
matching pattern are called with it.
Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html (read
2026-11-20).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from infra.local.aws_calls import AwsCallFailed, AwsCalls
from infra.local.background import BackgroundCalls, eventbridge_event
from infra.local.definitions import Definitions
from infra.local.queue_events import ACCOUNT
from infra.local.queues import queue_url

OK, ALARM = "OK", "ALARM"
PERIOD_S = 5.0
_COUNTS = ("ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed")
Clock = Callable[[], datetime]


async def queue_counts(aws: AwsCalls, queue: str) -> tuple[int, int, int]:
    """How many messages are waiting, being handled and delayed.

    Raises: AwsCallFailed.
    """
    url = await queue_url(aws, queue)
    found = await aws.call("sqs", "GetQueueAttributes", QueueUrl=url, AttributeNames=list(_COUNTS))
    waiting, handled, delayed = (int(found["Attributes"].get(name, 0)) for name in _COUNTS)
    return waiting, handled, delayed


class DeadLetterAlarms:
    """Watches the dead-letter queues, until it is cancelled."""

    def __init__(self, aws: AwsCalls, calls: BackgroundCalls, clock: Clock, region: str, period_s: float) -> None:
        self._aws = aws
        self._calls = calls
        self._clock = clock
        self._region = region
        self._period_s = period_s
        self._definitions = Definitions()
        self._states: dict[str, tuple[str, datetime]] = {}

    def use(self, definitions: Definitions) -> None:
        """Watches these queues and calls these functions from now on."""
        self._definitions = definitions

    async def run(self) -> None:
        """Never returns by itself."""
        while True:
            for queue in self._definitions.queues:
                await self._look(queue.dead_letters)
            await asyncio.sleep(self._period_s)

    async def _look(self, queue: str) -> None:
        try:
            number = sum(await queue_counts(self._aws, queue))
            state, now = ALARM if number else OK, self._clock()
            before, since = self._states.get(queue, (OK, now))
            if state != before:
                await self._tell(state_change(queue, number, (before, since), (state, now), self._region))
                self._states[queue] = (state, now)
        except AwsCallFailed:
            return  # looked at again in a moment

    async def _tell(self, event: dict[str, Any]) -> None:
        for trigger in self._definitions.event_triggers:
            pattern = {"EventPattern": json.dumps(trigger.pattern), "Event": json.dumps(event)}
            if (await self._aws.call("events", "TestEventPattern", **pattern)).get("Result"):
                self._calls.start(trigger.function, event)


def state_change(
    queue: str, number: int, before: tuple[str, datetime], now: tuple[str, datetime], region: str
) -> dict[str, Any]:
    """The event of an alarm that changed its state."""
    (old, since), (new, moment) = before, now
    arn = f"arn:aws:cloudwatch:{region}:{ACCOUNT}:alarm:{queue}"
    relation = "greater than" if new == ALARM else "not greater than"
    reason = f"Threshold Crossed: 1 datapoint [{number}.0] was {relation} the threshold (0.0)."
    metric = {"namespace": "AWS/SQS", "name": _COUNTS[0], "dimensions": {"QueueName": queue}}
    detail = {
        "alarmName": queue,
        "state": {
            "value": new,
            "reason": reason,
            "reasonData": _reason_data(number, moment),
            "timestamp": _stamp(moment),
        },
        "previousState": {"value": old, "reason": "", "timestamp": _stamp(since)},
        "configuration": {
            "description": f"Messages lie in {queue}",
            "metrics": [
                {"id": "m1", "metricStat": {"metric": metric, "period": 60, "stat": "Maximum"}, "returnData": True}
            ],
        },
    }
    kind = "CloudWatch Alarm State Change"
    return eventbridge_event("aws.cloudwatch", kind, region, moment, resources=[arn], detail=detail)


def _reason_data(number: int, moment: datetime) -> str:
    data = {
        "version": "1.0",
        "queryDate": _stamp(moment),
        "statistic": "Maximum",
        "period": 60,
        "recentDatapoints": [float(number)],
        "threshold": 0.0,
    }
    return json.dumps(data)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")
