"""What was caused by what."""

from __future__ import annotations

import pytest

from shared import queues
from shared.bus import Body, Envelope
from tests.support.moto_aws import waiting

pytestmark = pytest.mark.usefixtures("aws")


def test_a_message_names_the_one_that_caused_it() -> None:
    """PLAT-40: from the first trigger to the last effect."""

    @queues.consumer("timers-booking")
    def consume(message: Envelope) -> None:
        queues.send("timers-booking", queues.envelope("effect", Body(), org_id=message.org_id, actor="test"))

    cause = queues.envelope("cause", Body(), org_id="org_a", actor="test")
    record = {"messageId": "1", "receiptHandle": "r", "body": cause.model_dump_json(), "attributes": {}}
    event = type("Event", (), {"to_dict": lambda _: {"Records": [record]}})()
    assert consume(event) == {"batchItemFailures": []}
    effect = Envelope.model_validate_json(waiting("timers-booking")[0])
    assert (effect.causation_id, effect.correlation_id) == (cause.id, cause.correlation_id)
    assert cause.causation_id is None
