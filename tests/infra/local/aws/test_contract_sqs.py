"""What the queues of all systems rely on in SQS."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.infra.local.aws.conftest import Client

Make = Callable[..., str]


@pytest.fixture
def sqs(client: Client) -> Any:
    """A client."""
    return client("sqs")


@pytest.fixture
def queue(sqs: Any, request: pytest.FixtureRequest) -> Iterator[Make]:
    """Makes queues, by their attributes."""
    made: list[str] = []

    def make(suffix: str = "", **attributes: str) -> str:
        name = f"q{len(made)}-{abs(hash(request.node.name))}{suffix}"
        made.append(sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"])
        return made[-1]

    yield make
    for url in made:
        sqs.delete_queue(QueueUrl=url)


def received(sqs: Any, url: str, **options: Any) -> list[Any]:
    """Messages that can be had now."""
    found: list[Any] = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **options).get("Messages", [])
    return found


def bodies(messages: list[Any]) -> list[str]:
    """Their bodies."""
    return [message["Body"] for message in messages]


def arn(sqs: Any, url: str) -> str:
    """The queue's name in policies."""
    return str(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"])


def send_fifo(sqs: Any, url: str, body: str, group: str) -> None:
    """A message of a conversation."""
    sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=body)


def test_a_fifo_group_waits_for_its_message_in_flight(sqs: Any, queue: Make) -> None:
    """Other groups do not wait; order is kept."""
    url = queue(".fifo", FifoQueue="true")
    for body in ("a1", "a2", "b1"):
        send_fifo(sqs, url, body, body[0])
    first = sqs.receive_message(QueueUrl=url, AttributeNames=["MessageGroupId"])["Messages"]
    assert (bodies(first), first[0]["Attributes"]["MessageGroupId"]) == (["a1"], "a")
    assert bodies(received(sqs, url)) == ["b1"]
    assert received(sqs, url) == []
    sqs.delete_message(QueueUrl=url, ReceiptHandle=first[0]["ReceiptHandle"])
    assert bodies(received(sqs, url)) == ["a2"]


def test_a_fifo_message_given_back_comes_first_again(sqs: Any, queue: Make) -> None:
    """After a failure the order stays."""
    url = queue(".fifo", FifoQueue="true")
    for body in ("a1", "a2"):
        send_fifo(sqs, url, body, "a")
    first = sqs.receive_message(QueueUrl=url)["Messages"][0]
    sqs.change_message_visibility(QueueUrl=url, ReceiptHandle=first["ReceiptHandle"], VisibilityTimeout=0)
    assert bodies(received(sqs, url)) == ["a1", "a2"]


def test_a_fifo_queue_drops_repeated_messages(sqs: Any, queue: Make) -> None:
    """Within five minutes, also after the first was deleted."""
    url = queue(".fifo", FifoQueue="true")
    send_fifo(sqs, url, "a1", "a")
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received(sqs, url)[0]["ReceiptHandle"])
    send_fifo(sqs, url, "a1", "a")
    assert received(sqs, url) == []


@pytest.mark.parametrize("suffix", ["", ".fifo"])
def test_messages_that_fail_too_often_move_to_the_dead_letter_queue(sqs: Any, queue: Make, suffix: str) -> None:
    """With their attributes and their source."""
    fifo = {"FifoQueue": "true"} if suffix else {}
    group = {"MessageGroupId": "g", "MessageDeduplicationId": "d"} if suffix else {}
    dead = queue(suffix, **fifo)
    policy = json.dumps({"deadLetterTargetArn": arn(sqs, dead), "maxReceiveCount": "2"})
    url = queue(suffix, RedrivePolicy=policy, VisibilityTimeout="0", **fifo)
    attributes = {"kind": {"DataType": "String", "StringValue": "v"}}
    sqs.send_message(QueueUrl=url, MessageBody="poison", MessageAttributes=attributes, **group)
    for count in ("1", "2"):
        found = received(sqs, url, AttributeNames=["ApproximateReceiveCount"])
        assert found[0]["Attributes"]["ApproximateReceiveCount"] == count
    assert received(sqs, url) == []
    moved = received(sqs, dead, AttributeNames=["All"], MessageAttributeNames=["All"])[0]
    assert (moved["Body"], moved["MessageAttributes"]["kind"]["StringValue"]) == ("poison", "v")
    assert moved["Attributes"]["DeadLetterQueueSourceArn"] == arn(sqs, url)


def test_delayed_messages_come_later(sqs: Any, queue: Make) -> None:
    """Timers of up to 900 seconds."""
    url = queue()
    sqs.send_message(QueueUrl=url, MessageBody="later", DelaySeconds=1)
    began = time.monotonic()
    assert received(sqs, url) == []
    assert bodies(received(sqs, url, WaitTimeSeconds=3)) == ["later"]
    assert 0.8 < time.monotonic() - began < 3


def test_messages_become_visible_again(sqs: Any, queue: Make) -> None:
    """When their consumer did not finish in time."""
    url = queue(VisibilityTimeout="1")
    sqs.send_message(QueueUrl=url, MessageBody="m")
    assert bodies(received(sqs, url)) == ["m"]
    assert received(sqs, url) == []
    assert bodies(received(sqs, url, WaitTimeSeconds=3)) == ["m"]


def test_a_waiting_consumer_gets_its_message_at_once(sqs: Any, queue: Make) -> None:
    """And an idle wait takes as long as it was asked to."""
    url = queue()
    began = time.monotonic()
    assert received(sqs, url, WaitTimeSeconds=1) == []
    assert 0.9 < time.monotonic() - began < 3
    sender = threading.Timer(0.3, lambda: sqs.send_message(QueueUrl=url, MessageBody=str(time.monotonic())))
    sender.start()
    found = received(sqs, url, WaitTimeSeconds=5)
    assert time.monotonic() - float(found[0]["Body"]) < 1
    sender.join()


def test_batches_may_fail_in_part(sqs: Any, queue: Make) -> None:
    """Only what was handled is deleted."""
    url = queue(VisibilityTimeout="0")
    entries = [{"Id": str(number), "MessageBody": str(number)} for number in range(3)]
    assert len(sqs.send_message_batch(QueueUrl=url, Entries=entries)["Successful"]) == 3
    handles = {message["Body"]: message["ReceiptHandle"] for message in received(sqs, url)}
    deletions = [{"Id": "ok", "ReceiptHandle": handles["1"]}, {"Id": "bad", "ReceiptHandle": "unknown"}]
    answer = sqs.delete_message_batch(QueueUrl=url, Entries=deletions)
    assert [entry["Id"] for entry in answer["Successful"]] == ["ok"]
    assert [(entry["Id"], entry["Code"]) for entry in answer["Failed"]] == [("bad", "ReceiptHandleIsInvalid")]
    assert sorted(bodies(received(sqs, url))) == ["0", "2"]


def test_queue_attributes_count_messages(sqs: Any, queue: Make) -> None:
    """What alarms and the local page show."""
    url = queue()
    for number in range(3):
        sqs.send_message(QueueUrl=url, MessageBody=str(number), DelaySeconds=60 if number == 2 else 0)
    sqs.receive_message(QueueUrl=url)
    counted = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    names = ("", "NotVisible", "Delayed")
    assert [counted[f"ApproximateNumberOfMessages{name}"] for name in names] == ["1", "1", "1"]
