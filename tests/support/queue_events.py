"""Batches of queue messages as Lambda hands them to a consumer."""

from __future__ import annotations

from typing import Any

from chalice.app import SQSEvent

from shared import queues
from shared.bus import Body


def record(body: str, group: str | None = None, receives: int = 1, receipt: str = "r") -> dict[str, Any]:
    """One message; a FIFO queue's has a group."""
    attributes = {"ApproximateReceiveCount": str(receives)}
    if group is not None:
        attributes["MessageGroupId"] = group
    return {"messageId": "", "receiptHandle": receipt, "body": body, "attributes": attributes}


def batch(*records: dict[str, Any]) -> SQSEvent:
    """A batch in which the messages are called m0, m1 and so on."""
    return SQSEvent({"Records": [{**one, "messageId": f"m{n}"} for n, one in enumerate(records)]}, None)


def enveloped(body: Body, org_id: str = "org_lipa", kind: str = "test") -> str:
    """The text of a message that carries a body."""
    return queues.envelope(kind, body, org_id=org_id, actor="test").model_dump_json()


def failed(answer: dict[str, list[dict[str, str]]]) -> list[str]:
    """The names of the messages that a consumer wants again."""
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]
