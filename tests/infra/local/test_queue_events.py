"""Batches have the shape of Lambda's poller, and answers are read as it reads them."""

from __future__ import annotations

from typing import Any

import pytest

from infra.local.queue_events import batch_event, failed_ids

MESSAGES = [{"MessageId": name, "ReceiptHandle": f"r-{name}", "Body": "{}", "MD5OfBody": "d"} for name in ("a", "b")]


def test_a_record_has_the_documented_shape() -> None:
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": "1", "MessageGroupId": "g"}
    custom = {"kind": {"StringValue": "x", "DataType": "String"}}
    message = {**MESSAGES[0], "Attributes": attributes, "MessageAttributes": custom, "MD5OfMessageAttributes": "m"}
    assert batch_event("q.fifo", "eu-central-1", [message]) == {
        "Records": [
            {
                "messageId": "a",
                "receiptHandle": "r-a",
                "body": "{}",
                "attributes": attributes,
                "messageAttributes": {
                    "kind": {
                        "stringValue": "x",
                        "stringListValues": [],
                        "binaryListValues": [],
                        "dataType": "String",
                    }
                },
                "md5OfBody": "d",
                "md5OfMessageAttributes": "m",
                "eventSource": "aws:sqs",
                "eventSourceARN": "arn:aws:sqs:eu-central-1:000000000000:q.fifo",
                "awsRegion": "eu-central-1",
            }
        ]
    }


@pytest.mark.parametrize(
    ("answer", "failed"),
    [
        (None, set()),
        ({}, set()),
        ({"batchItemFailures": []}, set()),
        ({"batchItemFailures": None}, set()),
        ({"batchItemFailures": [{"itemIdentifier": "b"}]}, {"b"}),
        ({"batchItemFailures": [{"itemIdentifier": "unknown"}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": ""}]}, {"a", "b"}),
        ({"batchItemFailures": [{"itemIdentifier": None}]}, {"a", "b"}),
        ({"batchItemFailures": [{"item": "a"}]}, {"a", "b"}),
        ({"batchItemFailures": ["a"]}, {"a", "b"}),
        ({"batchItemFailures": "a"}, {"a", "b"}),
        ("fine", {"a", "b"}),
    ],
)
def test_what_comes_back(answer: Any, failed: set[str]) -> None:
    """PLAT-11: a batch reports the failed items alone."""
    assert set(failed_ids(MESSAGES, answer)) == failed
