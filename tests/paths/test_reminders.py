"""The reminder comes by the clock: cron, timer, queue, outbox, messenger."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest

from infra.local.product import Product
from shared.timers import GRACE_S, HOUR_S, SHARDS
from tests.support.running import TelegramPerson, until

pytestmark = pytest.mark.xdist_group("clock")
DAYS_AHEAD = 10


def _dynamodb(product: Product) -> Any:
    """A client of the product's database."""
    found = product.environment
    session = boto3.session.Session(found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"])
    return session.client("dynamodb", region_name=found["AWS_REGION"], endpoint_url=found["AWS_ENDPOINT_URL"])


def _advance(product: Product, dynamodb: Any, seconds: int) -> None:
    """Moves the clock that all triggers obey, and waits until timers have followed and what they woke is done."""
    moved = httpx.post(f"{product.base_url}/_local/clock", json={"advance_s": seconds}, timeout=30).raise_for_status()
    hour = int(datetime.fromisoformat(moved.json()["clock"]["now"]).timestamp() - GRACE_S) // HOUR_S

    def has_ticked() -> bool:
        cursors = dynamodb.query(
            TableName="svyaz-local-timers",
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": "cursor"}},
        )["Items"]
        return [int(cursor["hour"]["N"]) >= hour for cursor in cursors] == [True] * SHARDS

    def is_quiet() -> bool:
        queues = httpx.get(f"{product.base_url}/_local/state", timeout=30).json()["queues"]
        return not any(queue["waiting"] + queue["handled"] for queue in queues)

    until(has_ticked)
    until(is_quiet)


@pytest.mark.deep
def test_a_day_and_two_hours_before(tmp_path: Path) -> None:
    """BOOK-14: each once, by cron and timer; a cancelled booking is not reminded of."""
    with Product.start(tmp_path / "product") as product, closing(TelegramPerson(product)) as person:
        person.book("Маникюр ·", 6)
        person.book("Педикюр", 8)
        person.tap("Cancel the booking")
        person.sees("Cancel this booking?")
        person.tap("Yes, cancel")
        person.sees("The booking is cancelled")
        with closing(_dynamodb(product)) as dynamodb:
            for _ in range(DAYS_AHEAD):
                _advance(product, dynamodb, 24 * HOUR_S)
        reminders = [text for text in person.said() if "reminder of your visit" in text]
        assert [("Маникюр" in text, "Педикюр" in text) for text in reminders] in ([(True, False)], [(True, False)] * 2)
