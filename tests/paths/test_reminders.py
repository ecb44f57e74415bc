"""The reminder comes by the clock: cron, timer, queue, outbox, messenger."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import httpx
import pytest

from infra.local.product import Product
from tests.support.running import TelegramPerson, until

pytestmark = pytest.mark.xdist_group("clock")
HOUR_S = 3600
DAYS_AHEAD = 10


def _advance(product: Product, seconds: int) -> None:
    """Moves the clock that all triggers obey, and waits until what it woke is done."""
    httpx.post(f"{product.base_url}/_local/clock", json={"advance_s": seconds}, timeout=30).raise_for_status()

    def is_quiet() -> bool:
        queues = httpx.get(f"{product.base_url}/_local/state", timeout=30).json()["queues"]
        return not any(queue["waiting"] + queue["handled"] for queue in queues)

    until(is_quiet)


def test_a_day_and_two_hours_before(tmp_path: Path) -> None:
    """BOOK-14: each once, by cron and timer; a cancelled booking is not reminded of."""
    with Product.start(tmp_path / "product") as product, closing(TelegramPerson(product)) as person:
        person.book("Маникюр ·", 6)
        person.book("Педикюр", 8)
        person.tap("Cancel the booking")
        person.sees("Cancel this booking?")
        person.tap("Yes, cancel")
        person.sees("The booking is cancelled")
        for _ in range(DAYS_AHEAD * 2):
            _advance(product, 12 * HOUR_S)
        reminders = [text for text in person.said() if "reminder of your visit" in text]
        assert [("Маникюр" in text, "Педикюр" in text) for text in reminders] in ([(True, False)], [(True, False)] * 2)
