"""Consumers: which messages of a batch come back, which are put aside, which are done."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import aws as shared_aws
from shared import log, queues
from shared.bus import Envelope
from shared.errors import (
    Conflict,
    Contended,
    InvalidField,
    InvalidPayload,
    NotFound,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
    RuleViolation,
    SettingsInvalid,
    SvyazError,
    Unauthorized,
)
from tests.shared.notes import DEAD_FIFO, DEAD_STANDARD, FIFO, STANDARD, Note
from tests.support.aws_calls import refusing, watched
from tests.support.clock import Clock
from tests.support.logs import Lines, counted
from tests.support.moto_aws import waiting
from tests.support.queue_events import batch, enveloped, failed, record

ERRORS: dict[str, Callable[[], Exception]] = {
    "crash": lambda: ZeroDivisionError("a person's name"),
    "throttled": lambda: ProviderThrottled("x", retry_after_s=77),
    "hasty": lambda: ProviderThrottled("x", retry_after_s=1),
    "endless": lambda: ProviderThrottled("x", retry_after_s=10**9),
    "unavailable": lambda: ProviderUnavailable("x"),
    "contended": lambda: Contended("x"),
    "setting": lambda: SettingsInvalid("x"),
    "inner": lambda: SvyazError("x"),
    "conflict": lambda: Conflict("x"),
    "missing": lambda: NotFound("x"),
    "rule": lambda: RuleViolation("x"),
    "unauthorized": lambda: Unauthorized("x"),
    "rejected": lambda: ProviderRejected("x"),
    "payload": lambda: InvalidPayload("x"),
    "field": lambda: InvalidField("x"),
}


class Consumer:
    """Handlers of both kinds of queues that note what they took."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.standard = queues.consumer(STANDARD)(self._take)
        self.fifo = queues.consumer(FIFO)(self._take)

    def _take(self, message: Envelope) -> None:
        text = message.read(Note).text
        self.taken.append(text)
        fail = ERRORS.get(text)
        if fail is not None:
            raise fail()


@pytest.fixture
def consumer(aws: None) -> Consumer:
    """A consumer with both its queues."""
    return Consumer()


def note(text: str, group: str | None = None, receives: int = 1, receipt: str = "r") -> dict[str, Any]:
    """A message that tells the consumer what to do."""
    return record(enveloped(Note(text=text)), group, receives, receipt)


def received(queue: str) -> dict[str, Any]:
    """A message as it is taken from a queue; it stays invisible."""
    (message,) = shared_aws.client("sqs").receive_message(QueueUrl=queues.url(queue), AttributeNames=["All"])[
        "Messages"
    ]
    return record(message["Body"], message["Attributes"].get("MessageGroupId"), 1, message["ReceiptHandle"])


def invisible_s(queue: str, operation: Callable[[], Any]) -> list[int]:
    """For how long messages were put off meanwhile."""
    with watched("sqs") as calls:
        operation()
    return [given["VisibilityTimeout"] for name, given in calls if name == "ChangeMessageVisibility"]


def test_what_was_done_does_not_come_back(consumer: Consumer) -> None:
    assert consumer.standard(batch(note("a"), note("b"))) == {"batchItemFailures": []}
    assert consumer.taken == ["a", "b"]


def test_one_that_fails_comes_back_alone(consumer: Consumer, logged: Lines) -> None:
    """PLAT-11: an exception of one message touches no other."""
    assert failed(consumer.standard(batch(note("a"), note("crash"), note("b"), note("contended")))) == ["m1", "m3"]
    assert consumer.taken == ["a", "crash", "b", "contended"]
    (line,) = logged.named("message.failed")
    assert (line["error"], line["message_id"], line["queue"]) == ("ZeroDivisionError", "m1", STANDARD)
    assert "a person's name" not in "".join(logged.texts)


def test_after_a_failure_the_rest_of_its_group_waits(consumer: Consumer) -> None:
    """PLAT-11: the order of a conversation is kept, other conversations go on."""
    given = [note("a", "g"), note("crash", "g"), note("x", "h"), note("later", "g"), note("y", "h"), note("rule", "g")]
    assert failed(consumer.fifo(batch(*given))) == ["m1", "m3", "m5"]
    assert consumer.taken == ["a", "crash", "x", "y"]


@given(texts=st.lists(st.tuples(st.sampled_from(["ok", "crash", "rule"]), st.sampled_from("abc")), max_size=10))
def test_a_group_never_goes_on_past_a_failure(texts: list[tuple[str, str]]) -> None:
    consumer = Consumer()
    answer = failed(consumer.fifo(batch(*(note(text, group) for text, group in texts))))
    expected, stopped = [], set()
    for number, (text, group) in enumerate(texts):
        if group in stopped or text == "crash":
            stopped.add(group)
            expected.append(f"m{number}")
    assert answer == expected
    assert len(consumer.taken) == len(texts) - len(expected) + len(stopped)


@pytest.mark.parametrize("text", ["unavailable", "contended", "setting", "inner", "crash"])
def test_what_may_work_later_comes_back(consumer: Consumer, text: str) -> None:
    assert failed(consumer.standard(batch(note(text)))) == ["m0"]
    assert waiting(DEAD_STANDARD) == []


@pytest.mark.parametrize("text", ["conflict", "missing", "rule", "unauthorized", "rejected"])
def test_what_is_final_is_dropped(consumer: Consumer, text: str, logged: Lines) -> None:
    assert failed(consumer.standard(batch(note(text)))) == []
    assert waiting(DEAD_STANDARD) == []
    (line,) = logged.named("message.refused")
    assert line["retry"] is False


def test_a_final_error_does_not_stop_its_group(consumer: Consumer) -> None:
    assert failed(consumer.fifo(batch(note("rule", "g"), note("a", "g")))) == []
    assert consumer.taken == ["rule", "a"]


@pytest.mark.parametrize(
    ("text", "receives", "pauses"),
    [
        ("throttled", 1, [77]),
        ("throttled", 2, [77]),
        ("endless", 1, [43_200]),
        ("hasty", 1, [1]),
        ("hasty", 2, []),
        ("hasty", 3, []),
        ("unavailable", 1, []),
        ("crash", 1, []),
        ("rule", 1, []),
    ],
)
def test_a_message_waits_as_long_as_was_asked(consumer: Consumer, text: str, receives: int, pauses: list[int]) -> None:
    """A pause shorter than the queue's own holds the first time only: three tries in three seconds help nobody."""
    queues.send(STANDARD, queues.envelope("n", Note(text=text), org_id="o", actor="a"))
    message = received(STANDARD)
    message["attributes"]["ApproximateReceiveCount"] = str(receives)
    assert invisible_s(STANDARD, lambda: consumer.standard(batch(message))) == pauses


def test_a_pause_that_cannot_be_set_fails_its_message_alone(consumer: Consumer) -> None:
    with refusing("sqs", "ChangeMessageVisibility", "ReceiptHandleIsInvalid"):
        assert failed(consumer.standard(batch(note("a"), note("throttled"), note("b")))) == ["m1"]
    assert consumer.taken == ["a", "throttled", "b"]


WHOLE = {
    "id": "1",
    "type": "t",
    "occurred_at": "2026-01-01T00:00:00Z",
    "org_id": "o",
    "correlation_id": "c",
    "actor": "a",
    "body": {},
}

POISON = [
    " ",
    "not json",
    "null",
    "[]",
    "{}",
    "[" * 5000,
    json.dumps({**WHOLE, "occurred_at": "2026-01-01T00:00:00"}),
    json.dumps({**WHOLE, "body": []}),
    json.dumps({name: value for name, value in WHOLE.items() if name != "actor"}),
]


@pytest.mark.parametrize("body", POISON, ids=range(len(POISON)))
def test_what_is_no_envelope_is_put_aside(
    consumer: Consumer, body: str, logged: Lines, capsys: pytest.CaptureFixture[str]
) -> None:
    """PLAT-11: poison lies in the dead-letter queue as it came, and blocks nobody."""
    assert failed(consumer.fifo(batch(record(body, "g"), note("a", "g")))) == []
    assert waiting(DEAD_FIFO) == [body]
    assert consumer.taken == ["a"]
    assert logged.named("message.poison")[0]["reason"] == "not-an-envelope"
    assert counted(capsys.readouterr().out, "PoisonMessage") == [{"PoisonMessage": 1, "queue": FIFO}]


@pytest.mark.parametrize("text", ["payload", "field"])
def test_what_the_consumer_calls_malformed_is_put_aside(consumer: Consumer, text: str) -> None:
    message = note(text)
    assert failed(consumer.standard(batch(message, note("a")))) == []
    assert waiting(DEAD_STANDARD) == [message["body"]]


@pytest.mark.parametrize("body", [{}, {"text": 1}, {"text": None}])
def test_a_body_of_another_form_is_put_aside(consumer: Consumer, body: dict[str, Any]) -> None:
    made = json.loads(enveloped(Note(text="a"))) | {"body": body}
    assert failed(consumer.standard(batch(record(json.dumps(made))))) == []
    assert consumer.taken == []
    assert json.loads(waiting(DEAD_STANDARD)[0])["body"] == body


def test_poison_that_comes_twice_lies_there_once(consumer: Consumer) -> None:
    """A batch that is handed over again after a crash puts the same message aside again."""
    for _ in range(2):
        consumer.fifo(batch(record("poison", "g")))
    assert waiting(DEAD_FIFO) == ["poison"]


def test_poison_that_cannot_be_put_aside_comes_back_alone(consumer: Consumer) -> None:
    given = batch(note("a", "g"), record("poison", "g"), note("b", "g"), note("c", "h"))
    for code in ("AWS.SimpleQueueService.NonExistentQueue", "ThrottlingException"):
        with refusing("sqs", "SendMessage", code):
            assert failed(consumer.fifo(given)) == ["m1", "m2"]
    assert waiting(DEAD_FIFO) == []


def test_the_correlation_reaches_logs_and_what_is_sent_inside(logged: Lines, aws: None) -> None:
    """PLAT-40."""

    @queues.consumer(STANDARD)
    def consume(message: Envelope) -> None:
        log.info("inside")
        queues.send(STANDARD, queues.envelope("n", Note(text="next"), org_id="o", actor="a"))

    with log.context(correlation_id="cor_one"):
        first = enveloped(Note(text="1"))
    with log.context(correlation_id="cor_two"):
        second = enveloped(Note(text="2"))
    consume(batch(record(first), record(second)))
    lines = logged.named("inside")
    assert [line["correlation_id"] for line in lines] == ["cor_one", "cor_two"]
    assert {(line["trigger"], line["function"]) for line in lines} == {("queue", STANDARD)}
    assert [json.loads(body)["correlation_id"] for body in waiting(STANDARD)] == ["cor_one", "cor_two"]
    assert log.correlation_id() == ""


def test_a_consumer_keeps_the_name_of_its_function() -> None:
    """Chalice names the deployed function by it."""

    @queues.consumer(STANDARD)
    def consume_notes(message: Envelope) -> None:
        """Takes notes."""

    assert (consume_notes.__name__, consume_notes.__doc__) == ("consume_notes", "Takes notes.")


def test_old_messages_are_read_as_they_are(consumer: Consumer, clock: Clock) -> None:
    message = note("a")
    clock.forward(seconds=timedelta(days=14).total_seconds())
    assert failed(consumer.standard(batch(message))) == []
