"""SQS queues of the template, each with its dead-letter queue."""

from __future__ import annotations

from typing import Any

from infra.packaging.naming import attribute, full_name, logical_id, short_name
from infra.resources import QUEUES, Queue
from shared.queues import FIFO

KEPT_S = 14 * 24 * 3600


def resources(stage: str) -> dict[str, dict[str, Any]]:
    """Every queue; what was tried too often waits 14 days in the dead-letter queue."""
    made: dict[str, dict[str, Any]] = {}
    for queue in QUEUES:
        dead = logical_id(queue.dead_letters, "Queue")
        made[dead] = _queue(stage, queue.dead_letters, {})
        made[logical_id(queue.name, "Queue")] = _queue(stage, queue.name, _delivery(queue, dead))
    return made


def queue_id(full: str) -> str:
    """What the queue of that full name is called inside the template."""
    return logical_id(short_name(full), "Queue")


def _queue(stage: str, name: str, more: dict[str, Any]) -> dict[str, Any]:
    fifo = {"FifoQueue": True, "ContentBasedDeduplication": False} if name.endswith(FIFO) else {}
    properties = {
        "QueueName": full_name(stage, name),
        "MessageRetentionPeriod": KEPT_S,
        "SqsManagedSseEnabled": True,
        **fifo,
        **more,
    }
    return {
        "Type": "AWS::SQS::Queue",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": properties,
    }


def _delivery(queue: Queue, dead: str) -> dict[str, Any]:
    redrive = {"deadLetterTargetArn": attribute(dead), "maxReceiveCount": queue.receives}
    return {"VisibilityTimeout": queue.visibility_s, "RedrivePolicy": redrive}
