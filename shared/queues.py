"""Queues: sending envelopes, and consumers that report only what failed.

FIFO queues keep a conversation in order: after a failure the rest of its group in the batch is reported too. What can
never work is copied to the dead-letter queue and acknowledged, so that it blocks nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, wraps
from typing import Any

from pydantic import ValidationError

from shared import aws, log, sandbox
from shared.bus import Body, Envelope
from shared.clock import now
from shared.entry import trigger
from shared.errors import SERVER_FAILS, InvalidPayload, ProviderThrottled, ProviderUnavailable, SvyazError
from shared.ids import new_id
from shared.settings import resource_name

FIFO = ".fifo"
DEAD = "-dead"
NO_ENVELOPE = "not-an-envelope"
MAX_DELAY_S = 900
VISIBILITY_S = 60
MAX_VISIBILITY_S = 43_200
Consumer = Callable[[Envelope], None]
Answer = dict[str, list[dict[str, str]]]


def envelope(kind: str, body: Body, *, org_id: str, actor: str, id: str | None = None) -> Envelope:  # noqa: A002
    """A body in an envelope that continues the present correlation; a test's belongs to whoever tests."""
    return Envelope(
        id=id or new_id("evt"),
        type=kind,
        occurred_at=now(),
        org_id=sandbox.organisation() or org_id,
        correlation_id=log.correlation_id() or new_id("cor"),
        causation_id=log.causation_id(),
        actor=actor,
        body=body.model_dump(mode="json", exclude_none=True),
        is_test=sandbox.is_on(),
    )


def send(
    queue: str, message: Envelope, *, group: str | None = None, dedupe: str | None = None, delay_s: int = 0
) -> None:
    """Puts a message into a queue; a FIFO queue wants the group that keeps its order."""
    extra: dict[str, Any] = {}
    if queue.endswith(FIFO):
        extra = {"MessageGroupId": group, "MessageDeduplicationId": dedupe or message.id}
    elif delay_s:
        extra = {"DelaySeconds": min(delay_s, MAX_DELAY_S)}
    with aws.translated():
        aws.client("sqs").send_message(QueueUrl=url(queue), MessageBody=message.model_dump_json(), **extra)


def hint(
    queue: str, message: Envelope, *, group: str | None = None, dedupe: str | None = None, delay_s: int = 0
) -> None:
    """Puts a message into a queue if that is possible now; whoever hints has a slower way that is sure."""
    try:
        send(queue, message, group=group, dedupe=dedupe, delay_s=delay_s)
    except (ProviderThrottled, ProviderUnavailable) as error:
        log.warning("hint.unsent", queue=queue, reason=error.kind)


@cache
def url(queue: str) -> str:
    """The address of a queue of this stage."""
    with aws.translated():
        return aws.client("sqs").get_queue_url(QueueName=resource_name(queue))["QueueUrl"]


def dead_letter_name(queue: str) -> str:
    """The name of the queue that takes what a queue gave up."""
    return queue.removesuffix(FIFO) + DEAD + (FIFO if queue.endswith(FIFO) else "")


def consumer(queue: str) -> Callable[[Consumer], Callable[[Any], Answer]]:
    """Makes a function of one envelope into a handler of a batch of this queue's messages."""

    def decorate(consume: Consumer) -> Callable[[Any], Answer]:
        @wraps(consume)
        def handle(event: Any) -> Answer:
            failed = list(_failures(queue, consume, event.to_dict()["Records"]))
            return {"batchItemFailures": [{"itemIdentifier": name} for name in failed]}

        return handle

    return decorate


def _failures(queue: str, consume: Consumer, records: list[dict[str, Any]]) -> Iterator[str]:
    stopped: set[str] = set()
    for record in records:
        group = record.get("attributes", {}).get("MessageGroupId")
        if group in stopped or not _is_done(queue, consume, record):
            if group is not None:
                stopped.add(group)
            yield record["messageId"]


def _is_done(queue: str, consume: Consumer, record: dict[str, Any]) -> bool:
    message = _read(record)
    with trigger("queue", queue, message.correlation_id if message else None):
        try:
            return _is_taken(queue, consume, record, message)
        except Exception:  # noqa: BLE001  # whatever it is, this message alone comes back
            log.failure("message.failed", queue=queue, message_id=record["messageId"])
            return False


def _read(record: dict[str, Any]) -> Envelope | None:
    try:
        return Envelope.model_validate_json(record["body"])
    except ValidationError:
        return None


def _is_taken(queue: str, consume: Consumer, record: dict[str, Any], message: Envelope | None) -> bool:
    if message is None:
        return _is_put_aside(queue, record, NO_ENVELOPE)
    try:
        with log.context(causation_id=message.id), sandbox.testing(message.org_id if message.is_test else ""):
            consume(message)
    except InvalidPayload as error:
        return _is_put_aside(queue, record, error.kind)
    except SvyazError as error:
        return _is_final(queue, record, error)
    return True


def _is_final(queue: str, record: dict[str, Any], error: SvyazError) -> bool:
    retry = error.is_retryable or error.status == SERVER_FAILS
    log.warning("message.refused", queue=queue, reason=error.kind, retry=retry)
    if retry and error.retry_after_s and _may_postpone(record, error.retry_after_s):
        _postpone(queue, record, error.retry_after_s)
    return not retry


def _may_postpone(record: dict[str, Any], pause_s: int) -> bool:
    """Whether the pause may replace the queue's own: a shorter one may the first time only, for tries are counted."""
    return pause_s > VISIBILITY_S or int(record.get("attributes", {}).get("ApproximateReceiveCount", 1)) == 1


def _postpone(queue: str, record: dict[str, Any], pause_s: int) -> None:
    with aws.translated():
        aws.client("sqs").change_message_visibility(
            QueueUrl=url(queue),
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=min(pause_s, MAX_VISIBILITY_S),
        )


def _is_put_aside(queue: str, record: dict[str, Any], reason: str) -> bool:
    """Whether the poison message now lies in the dead-letter queue."""
    dead = dead_letter_name(queue)
    extra: dict[str, Any] = {"MessageAttributes": {"reason": {"DataType": "String", "StringValue": reason}}}
    if dead.endswith(FIFO):
        group = record.get("attributes", {}).get("MessageGroupId", "poison")
        extra |= {"MessageGroupId": group, "MessageDeduplicationId": record["messageId"]}
    log.warning("message.poison", queue=queue, reason=reason, message_id=record["messageId"])
    log.count("PoisonMessage", queue=queue)
    with aws.translated():
        aws.client("sqs").send_message(QueueUrl=url(dead), MessageBody=record["body"], **extra)
    return True
