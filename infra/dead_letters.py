"""`python -m infra.dead_letters [--redrive]`: shows what lies in the dead-letter queues, or sends it back.

It works on the local product, or, with `STAGE=dev` or `STAGE=prod`, on the account that boto3 finds. Showing takes
nothing away; of one group of a FIFO queue only the first ten messages can be seen at a time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import uuid
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import boto3

from infra.local.attach import attached
from infra.local.state_dir import DEFAULT, CannotStart

MOST_AT_ONCE = 10
HIDDEN_S = 60
WAIT_S = 1
SHOWN_CHARACTERS = 160
LOCAL = "local"
Message = dict[str, Any]


class DeadLetters:
    """One dead-letter queue and the queue that it belongs to."""

    def __init__(self, sqs: Any, source: str, dead: str) -> None:
        self.name = source
        self._sqs = sqs
        self._source_url = sqs.get_queue_url(QueueName=source)["QueueUrl"]
        self._url = sqs.get_queue_url(QueueName=dead)["QueueUrl"]

    def show(self) -> list[Message]:
        """All messages that can be seen; they stay."""
        found = list(self._receive())
        for message in found:
            self._sqs.change_message_visibility(
                QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"], VisibilityTimeout=0
            )
        return found

    def redrive(self) -> int:
        """How many were sent back to their queue; a crash in between sends one twice, never none."""
        sent = 0
        for message in islice(self._receive(), self._count()):  # poison is back in a moment: once is enough
            self._sqs.send_message(QueueUrl=self._source_url, **_copy(message))
            self._sqs.delete_message(QueueUrl=self._url, ReceiptHandle=message["ReceiptHandle"])
            sent += 1
        return sent

    def _count(self) -> int:
        name = "ApproximateNumberOfMessages"
        found = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=[name])
        return int(found["Attributes"][name])

    def _receive(self) -> Iterator[Message]:
        while found := self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=MOST_AT_ONCE,
            VisibilityTimeout=HIDDEN_S,
            WaitTimeSeconds=WAIT_S,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        ).get("Messages"):
            yield from found


def _copy(message: Message) -> dict[str, Any]:
    copied: dict[str, Any] = {"MessageBody": message["Body"]}
    if message.get("MessageAttributes"):
        copied["MessageAttributes"] = message["MessageAttributes"]
    group = message["Attributes"].get("MessageGroupId")
    if group is not None:
        copied |= {"MessageGroupId": group, "MessageDeduplicationId": str(uuid.uuid4())}
    return copied


def described(queue: str, message: Message, now: datetime) -> str:
    """A message in two lines: where, since when, why, whose; and the beginning of its body."""
    attributes = message["Attributes"]
    sent_at = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC)
    age = timedelta(seconds=max(0, int((now - sent_at).total_seconds())))
    envelope = _envelope(message["Body"])
    told = message.get("MessageAttributes", {}).get("reason", {}).get("StringValue")
    reason = told or "given up after failures, or put aside as unreadable"
    head = f"{queue}  {age} old  {reason}"
    names = [f"{name}={envelope[name]}" for name in ("type", "id", "correlation_id") if name in envelope]
    return "\n".join(("  ".join([head, *names]), f"    {_plain(message['Body'])}"))


def _envelope(body: str) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return {name: _plain(str(value)) for name, value in found.items()} if isinstance(found, dict) else {}


def _plain(text: str) -> str:
    shown = "".join(c if c.isprintable() else "?" for c in text[:SHOWN_CHARACTERS])
    return shown + ("…" if len(text) > SHOWN_CHARACTERS else "")


def every() -> list[DeadLetters]:
    """The dead-letter queues of this stage."""
    from infra.resources import QUEUES  # noqa: PLC0415  # the product, which reads the environment set before
    from shared.settings import resource_name  # noqa: PLC0415

    sqs = boto3.client("sqs")
    return [DeadLetters(sqs, resource_name(queue.name), resource_name(queue.dead_letters)) for queue in QUEUES]


def main(arguments: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.dead_letters", description="Shows or redrives dead letters.")
    parser.add_argument("--redrive", action="store_true", help="send them back to their queues")
    parser.add_argument("--state-dir", type=Path, default=DEFAULT, help="the folder of the local product")
    given = parser.parse_args(arguments)
    stage = os.environ.get("STAGE") or LOCAL
    try:
        with attached(given.state_dir) if stage == LOCAL else nullcontext():
            os.environ["SVYAZ_STAGE"] = stage
            _redrive() if given.redrive else _show()
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


def _show() -> None:
    number = 0
    for letters in every():
        for message in letters.show():
            number += 1
            print(described(letters.name, message, datetime.now(UTC)))
    print(f"{number} dead letters." if number else "No dead letters.")


def _redrive() -> None:
    for letters in every():
        if sent := letters.redrive():
            print(f"{letters.name}: {sent} sent back")
    print("All queues are redriven.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
