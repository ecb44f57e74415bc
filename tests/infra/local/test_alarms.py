"""A dead-letter queue that fills or empties is an alarm that changes its state."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from functions.platform.alarms import PATTERN
from infra.local.alarms import state_change
from tests.infra.local.conftest import Local

DEAD = "svyaz-local-ordered-dead.fifo"
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def states(local: Local) -> list[str]:
    """The states that the alarm function heard of."""
    return [one["detail"]["state"]["value"] for one in local.noted("alarms") if one["detail"]["alarmName"] == DEAD]


def test_the_alarm_goes_off_and_ends(local: Local) -> None:
    """PLAT-11: poison goes to a dead-letter queue with an alarm."""
    sqs = local.client("sqs")
    url = sqs.get_queue_url(QueueName=DEAD)["QueueUrl"]
    sqs.send_message(QueueUrl=url, MessageBody="{}", MessageGroupId="g", MessageDeduplicationId="d")
    local.until(lambda: states(local) == ["ALARM"])
    message = sqs.receive_message(QueueUrl=url)["Messages"][0]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    local.until(lambda: states(local) == ["ALARM", "OK"])


def test_the_event_has_cloudwatchs_shape_and_the_products_pattern() -> None:
    event: dict[str, Any] = state_change("q", 2, ("OK", NOON - timedelta(hours=1)), ("ALARM", NOON), "eu-central-1")
    assert event["source"] in PATTERN["source"]
    assert event["detail-type"] in PATTERN["detail-type"]
    assert event["resources"] == ["arn:aws:cloudwatch:eu-central-1:000000000000:alarm:q"]
    detail = event["detail"]
    assert detail.keys() == {"alarmName", "state", "previousState", "configuration"}
    assert detail["state"].keys() == {"value", "reason", "reasonData", "timestamp"}
    assert detail["state"]["timestamp"] == "2026-11-20T12:00:00.000+0000"
    assert (detail["state"]["value"], detail["previousState"]["value"]) == ("ALARM", "OK")
    assert detail["state"]["reason"] == "Threshold Crossed: 1 datapoint [2.0] was greater than the threshold (0.0)."
