"""What people did is there after the machine died."""

from __future__ import annotations

import time
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from infra.local.product import Product
from tests.support.running import ChatVisitor, TelegramPerson

pytestmark = pytest.mark.xdist_group("clock")
SAVED_WITHIN_S = 3


@pytest.mark.deep
def test_a_killed_product_comes_back_with_what_it_knew(tmp_path: Path) -> None:
    """PLAT-1: `kill -9` loses no more than the last 3 seconds (5 are promised), and nothing is said or booked twice."""
    folder = tmp_path / "product"
    with Product.start(folder) as product, closing(TelegramPerson(product)) as person:
        person.book("Маникюр ·", 3)
        said = person.said()
        time.sleep(SAVED_WITHIN_S)
        product.kill()
    with Product.start(folder) as again:
        after = TelegramPerson(again, person_id=person.id)
        with closing(after):
            assert after.said() == said
            after.tap("Book another")
            after.sees("what would you like")
            after.tap("My bookings")
            after.sees("Your bookings")
            assert len([label for label in after.labels() if "Маникюр" in label]) == 1
        visitor = ChatVisitor(again)
        with closing(visitor):
            assert visitor.hello()["buttons"]
        assert httpx.get(f"{again.base_url}/health").status_code == 200
