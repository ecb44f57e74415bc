"""Queues: what is sent, and that a hint may fail."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, ParamValidationError

from shared import log, queues
from shared.bus import Envelope
from tests.shared.notes import DEAD_FIFO, DEAD_STANDARD, FIFO, STANDARD, Note
from tests.support.aws_calls import refusing, watched
from tests.support.clock import START, Clock
from tests.support.logs import Lines
from tests.support.moto_aws import waiting


def test_an_envelope_says_who_what_when(clock: Clock) -> None:
    made = queues.envelope("note.made", Note(text="t"), org_id="org_a", actor="somebody")
    assert (made.type, made.org_id, made.actor, made.version) == ("note.made", "org_a", "somebody", 1)
    assert (made.occurred_at, made.body) == (START, {"text": "t"})
    assert made.id.startswith("evt_")
    assert made.correlation_id.startswith("cor_")
    assert queues.envelope("note.made", Note(text="t"), org_id="o", actor="a", id="tmr_1").id == "tmr_1"


def test_an_envelope_continues_the_correlation() -> None:
    """PLAT-40."""
    with log.context(correlation_id="cor_first"):
        made = queues.envelope("note.made", Note(text="t"), org_id="org_a", actor="a")
    assert made.correlation_id == "cor_first"


@pytest.mark.usefixtures("aws")
def test_what_is_sent_arrives_whole() -> None:
    made = queues.envelope("note.made", Note(text="юникод \U0001f600 \x7f"), org_id="org_a", actor="a")
    queues.send(STANDARD, made)
    (body,) = waiting(STANDARD)
    assert Envelope.model_validate_json(body) == made


@pytest.mark.usefixtures("aws")
def test_a_fifo_queue_gets_group_and_dedupe() -> None:
    made = queues.envelope("note.made", Note(text="t"), org_id="org_a", actor="a")
    with watched("sqs") as calls:
        queues.send(FIFO, made, group="g")
        queues.send(FIFO, made, group="g", dedupe="d")
    sent = [given for name, given in calls if name == "SendMessage"]
    assert [(each["MessageGroupId"], each["MessageDeduplicationId"]) for each in sent] == [("g", made.id), ("g", "d")]
    assert not any("DelaySeconds" in each for each in sent)


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize(("asked", "given"), [(0, None), (1, 1), (900, 900), (901, 900), (10**9, 900)])
def test_a_delay_is_at_most_what_sqs_takes(asked: int, given: int | None) -> None:
    with watched("sqs") as calls:
        queues.send(STANDARD, queues.envelope("n", Note(text="t"), org_id="o", actor="a"), delay_s=asked)
    assert calls[-1][1].get("DelaySeconds") == given


@pytest.mark.usefixtures("aws")
def test_a_hint_that_cannot_be_sent_is_let_go(logged: Lines) -> None:
    """What was decided stands: neither the outbox nor the timers need the hint."""
    made = queues.envelope("n", Note(text="t"), org_id="o", actor="a")
    for code, status in (("ThrottlingException", 400), ("InternalError", 500)):
        with refusing("sqs", "SendMessage", code, status):
            queues.hint(FIFO, made, group="g")
    reasons = [line["reason"] for line in logged.named("hint.unsent")]
    assert reasons == ["provider-throttled", "provider-unavailable"]
    queues.hint(FIFO, made, group="g")
    assert len(waiting(FIFO)) == 1


@pytest.mark.usefixtures("aws")
def test_our_mistakes_in_a_hint_are_not_let_go() -> None:
    made = queues.envelope("n", Note(text="t"), org_id="o", actor="a")
    with pytest.raises(ParamValidationError):
        queues.hint(FIFO, made)
    with pytest.raises(ClientError):
        queues.hint("no-such-queue", made)


@pytest.mark.usefixtures("aws")
def test_the_address_of_a_queue_is_asked_for_once() -> None:
    queues.url.cache_clear()
    with watched("sqs") as calls:
        assert queues.url(STANDARD) == queues.url(STANDARD)
    assert len(calls) == 1


@pytest.mark.parametrize(("queue", "dead"), [(STANDARD, DEAD_STANDARD), (FIFO, DEAD_FIFO)])
def test_names_of_dead_letter_queues(queue: str, dead: str) -> None:
    assert queues.dead_letter_name(queue) == dead
