"""Queues wake functions as in AWS."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest

from tests.infra.local.conftest import Local

PLAIN, ORDERED = "svyaz-local-plain", "svyaz-local-ordered.fifo"


class Sender:
    """Sends messages with a mark by which they are found again."""

    def __init__(self, local: Local) -> None:
        self.local = local
        self.mark = uuid.uuid4().hex
        self.sqs = local.client("sqs")
        self.sent = 0

    def send(self, queue: str, group: str = "", **content: Any) -> None:
        """Sends a message, numbered from 0."""
        body = json.dumps({"mark": self.mark, "n": self.sent, **content})
        more = (
            {"MessageGroupId": self.mark + group, "MessageDeduplicationId": f"{self.mark}{self.sent}"} if group else {}
        )
        url = self.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        self.sqs.send_message(QueueUrl=url, MessageBody=body, **more)
        self.sent += 1

    def noted(self, name: str, number: int, **content: Any) -> list[Any]:
        """What handlers noted of the messages, as soon as there is so much."""
        wanted = {"mark": self.mark, **content}
        return self.local.until_noted(name, lambda one: wanted.items() <= one.items(), number)

    def waiting(self, queue: str) -> int:
        """How many messages are in a queue, in whatever state."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        url = self.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def dead_letters(self, queue: str) -> list[Any]:
        """What lies in a dead-letter queue, without taking it."""
        url = self.sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        found = self.sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages", [])
        bodies = [json.loads(message["Body"]) for message in found]
        return [body for body in bodies if body["mark"] == self.mark]


@pytest.fixture
def sender(local: Local) -> Sender:
    """A fresh sender."""
    return Sender(local)


def test_a_message_is_handled_once_and_deleted(sender: Sender) -> None:
    sender.send(PLAIN)
    record = sender.noted("done", 1)[0]["record"]
    assert record["eventSource"] == "aws:sqs"
    assert record["eventSourceARN"].endswith(f":{PLAIN}")
    attributes = {"ApproximateReceiveCount", "SentTimestamp", "SenderId", "ApproximateFirstReceiveTimestamp"}
    assert attributes <= record["attributes"].keys()
    sender.local.until(lambda: sender.waiting(PLAIN) == 0)
    assert len(sender.noted("received", 1)) == 1


def test_only_what_failed_comes_back(sender: Sender) -> None:
    """PLAT-11: a batch reports the failed items alone."""
    for trouble in ("", "once", ""):
        sender.send(PLAIN, trouble=trouble)
    assert sorted(one["n"] for one in sender.noted("done", 3)) == [0, 1, 2]
    counts = {(one["n"], one["count"]) for one in sender.noted("received", 4)}
    assert counts == {(0, "1"), (1, "1"), (1, "2"), (2, "1")}


@pytest.mark.parametrize("trouble", ["hang", "die", "malformed"])
def test_an_event_comes_back_when_its_function_hangs_dies_or_babbles(sender: Sender, trouble: str) -> None:
    sender.send(PLAIN, trouble=trouble)
    assert sender.noted("done", 1)[0]["record"]["attributes"]["ApproximateReceiveCount"] == "2"


def test_poison_ends_in_the_dead_letter_queue(sender: Sender) -> None:
    """PLAT-11: poison goes to a dead-letter queue."""
    sender.send(PLAIN, trouble="always")
    sender.local.until(lambda: sender.dead_letters("svyaz-local-plain-dead"))
    assert [one["count"] for one in sender.noted("received", 2)] == ["1", "2"]


def test_a_group_stays_in_order_through_failure_while_others_go_on(sender: Sender) -> None:
    for number in range(4):
        sender.send(ORDERED, "slow", trouble="once" if number == 1 else "")
        sender.send(ORDERED, "quick")
    done = sender.noted("done", 8)
    groups: dict[str, list[int]] = {}
    for one in done:
        groups.setdefault(one["record"]["attributes"]["MessageGroupId"], []).append(one["n"])
    assert groups == {sender.mark + "slow": [0, 2, 4, 6], sender.mark + "quick": [1, 3, 5, 7]}


def test_a_group_stays_in_order_when_the_function_dies(sender: Sender) -> None:
    for number in range(3):
        sender.send(ORDERED, "g", trouble="die" if number == 0 else "")
    assert [one["n"] for one in sender.noted("done", 3)] == [0, 1, 2]


def test_a_batch_is_told_in_one_line(sender: Sender) -> None:
    sender.local.terminal.lines.clear()
    sender.send(PLAIN)
    sender.local.until(lambda: [one for one in sender.local.terminal.lines if " sample_queue 1 message " in one])
