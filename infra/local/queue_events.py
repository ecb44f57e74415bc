"""Batches of queue messages as Lambda's poller hands them to a function, and what the answer says of each.

Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html and
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (read 2026-11-20).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

ACCOUNT = "000000000000"
Message = dict[str, Any]


def batch_event(queue: str, region: str, messages: Sequence[Message]) -> dict[str, Any]:
    """The event of received messages."""
    return {"Records": [_record(queue, region, message) for message in messages]}


def failed_ids(messages: Sequence[Message], answer: Any) -> Collection[str]:
    """The ids of the messages that come back; all of them where the answer is not of the agreed form."""
    every = {message["MessageId"] for message in messages}
    if answer is None or answer == {}:
        return frozenset()
    failures = answer.get("batchItemFailures", []) if isinstance(answer, dict) else "malformed"
    if failures is None:
        return frozenset()
    if not isinstance(failures, list) or not all(isinstance(one, dict) for one in failures):
        return every
    named = {one.get("itemIdentifier") for one in failures}
    return every if named - every else named


def _record(queue: str, region: str, message: Message) -> dict[str, Any]:
    record = {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {name: _attribute(value) for name, value in message.get("MessageAttributes", {}).items()},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{region}:{ACCOUNT}:{queue}",
        "awsRegion": region,
    }
    digest = message.get("MD5OfMessageAttributes")
    return record | ({"md5OfMessageAttributes": digest} if digest else {})


def _attribute(value: dict[str, Any]) -> dict[str, Any]:
    named = {"StringValue": "stringValue", "BinaryValue": "binaryValue"}
    found = {ours: value[theirs] for theirs, ours in named.items() if theirs in value}
    return found | {"stringListValues": [], "binaryListValues": [], "dataType": value["DataType"]}
