"""Dead letters are shown without being taken, and sent back once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from moto import mock_aws

from infra import dead_letters
from infra.dead_letters import DeadLetters, described

UNTOLD = "given up after failures, or put aside as unreadable"
TOLD = {"reason": {"StringValue": "invalid-payload"}}
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def sqs(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """SQS with a plain and an ordered queue."""
    monkeypatch.setattr(dead_letters, "WAIT_S", 0)
    with mock_aws():
        client = boto3.client("sqs")
        fifo = {"FifoQueue": "true"}
        made = [client.create_queue(QueueName=name) for name in ("plain", "plain-dead")]
        ordered = ("ordered.fifo", "ordered-dead.fifo")
        made += [client.create_queue(QueueName=name, Attributes=fifo) for name in ordered]
        yield client
        for queue in made:  # another test's AWS may stand around this one
            client.delete_queue(QueueUrl=queue["QueueUrl"])


def fill(sqs: Any, queue: str, number: int, **more: Any) -> None:
    """Puts messages into a queue."""
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    for index in range(number):
        order = {"MessageGroupId": f"g{index % 2}", "MessageDeduplicationId": uuid.uuid4().hex}
        sqs.send_message(QueueUrl=url, MessageBody=str(index), **(order if queue.endswith(".fifo") else {}), **more)


def bodies(sqs: Any, queue: str) -> list[str]:
    """What lies in a queue, taken."""
    url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"]).get("Messages", [])
    return [message["Body"] for message in found]


def test_showing_takes_nothing_away(sqs: Any) -> None:
    fill(sqs, "plain-dead", 3)
    letters = DeadLetters(sqs, "plain", "plain-dead")
    assert sorted(one["Body"] for one in letters.show()) == ["0", "1", "2"]
    assert len(letters.show()) == 3


def test_redriven_messages_are_in_their_queue_and_no_longer_dead(sqs: Any) -> None:
    """PLAT-11: one command redrives."""
    attributes = {"reason": {"StringValue": "x", "DataType": "String"}}
    fill(sqs, "plain-dead", 3, MessageAttributes=attributes)
    assert DeadLetters(sqs, "plain", "plain-dead").redrive() == 3
    assert bodies(sqs, "plain-dead") == []
    url = sqs.get_queue_url(QueueName="plain")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageAttributeNames=["All"])["Messages"]
    assert sorted(one["Body"] for one in found) == ["0", "1", "2"]
    assert found[0]["MessageAttributes"]["reason"]["StringValue"] == "x"


def test_groups_and_their_order_are_kept(sqs: Any) -> None:
    fill(sqs, "ordered-dead.fifo", 6)
    assert DeadLetters(sqs, "ordered.fifo", "ordered-dead.fifo").redrive() == 6
    url = sqs.get_queue_url(QueueName="ordered.fifo")["QueueUrl"]
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"])["Messages"]
    groups: dict[str, list[str]] = {}
    for one in found:
        groups.setdefault(one["Attributes"]["MessageGroupId"], []).append(one["Body"])
    assert groups == {"g0": ["0", "2", "4"], "g1": ["1", "3", "5"]}


def test_poison_that_comes_back_at_once_does_not_go_round_for_ever(sqs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(sqs, "plain-dead", 2)
    letters = DeadLetters(sqs, "plain", "plain-dead")
    send = sqs.send_message

    def send_and_bury(**message: Any) -> Any:
        fill(sqs, "plain-dead", 0)
        send(QueueUrl=letters._url, MessageBody="again")
        return send(**message)

    monkeypatch.setattr(sqs, "send_message", send_and_bury)
    assert letters.redrive() == 2


@pytest.mark.parametrize(
    ("body", "attributes", "expected"),
    [
        (
            json.dumps({"type": "message.inbound", "id": "evt_1", "correlation_id": "cor_1", "body": {}}),
            {},
            f"q  1:00:00 old  {UNTOLD}  type=message.inbound  id=evt_1  correlation_id=cor_1\n    {{",
        ),
        ("no \x1b[31mJSON", TOLD, "q  1:00:00 old  invalid-payload\n    no ?[31mJSON"),
        ("[1]", {}, f"q  1:00:00 old  {UNTOLD}\n    [1]"),
        ("x" * 500, {}, f"q  1:00:00 old  {UNTOLD}\n    xxx"),
    ],
)
def test_a_message_is_described_in_two_lines(body: str, attributes: dict[str, Any], expected: str) -> None:
    sent_ms = str(int((NOON - timedelta(hours=1)).timestamp() * 1000))
    message = {"Body": body, "Attributes": {"SentTimestamp": sent_ms}, "MessageAttributes": attributes}
    shown = described("q", message, NOON)
    assert shown.startswith(expected)
    assert len(shown.splitlines()) == 2
    assert len(shown.splitlines()[1]) < 170
