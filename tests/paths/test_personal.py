"""A client's data through the running product: told in a file, then taken away, while his visit stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from infra.local.product import Product
from tests.support.running import TelegramPerson, client_from, until

pytestmark = pytest.mark.xdist_group("product")
PEOPLE = "/v1/accounts/people"


@pytest.fixture(scope="module")
def administrator(product: Product) -> Any:
    """Calls in the name of the demo's administrator."""
    who = next(each for each in product.demo["people"] if each["role"] == "administrator")
    with client_from("127.0.4.1") as client:
        given = {"email": who["email"], "password": who["password"]}
        token = client.post(f"{product.base_url}/v1/accounts/login", json=given).json()["access_token"]
    with httpx.Client(base_url=product.base_url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as signed_in:
        yield signed_in


def _newest_booking(administrator: httpx.Client) -> dict[str, Any]:
    items = administrator.get("/v1/booking/bookings", params={"limit": 100}).json()["items"]
    return max(items, key=lambda item: str(item["id"]))


def _ready(administrator: httpx.Client, what: str, booking_id: str) -> str:
    asked = administrator.post(f"{PEOPLE}/{what}", json={"booking_id": booking_id})
    assert asked.status_code == 202, asked.text
    request_id = str(asked.json()["id"])
    path = f"{PEOPLE}/{what}/{request_id}"
    until(lambda: administrator.get(path).json()["status"] == "ready" or None)
    return request_id


def test_a_client_is_told_and_then_taken_away(
    administrator: httpx.Client, phone: Callable[..., TelegramPerson]
) -> None:
    """PLAT-23: from the request over HTTP to the last system, each in its own function."""
    person = phone()
    person.book("Маникюр", 6)
    booking = _newest_booking(administrator)
    request_id = _ready(administrator, "exports", booking["id"])
    told = administrator.get(f"{PEOPLE}/exports/{request_id}/file").json()["systems"]
    [told_booking] = told["booking"]["bookings"]
    assert told_booking["contact"]["chat"] == str(person.id)
    assert len(told["messengers"]["messages"]) >= 5
    _ready(administrator, "removals", booking["id"])
    assert administrator.get(f"{PEOPLE}/exports/{request_id}/file").status_code == 404
    again = _ready(administrator, "exports", booking["id"])
    told = administrator.get(f"{PEOPLE}/exports/{again}/file").json()["systems"]
    [nameless] = told["booking"]["bookings"]
    assert (nameless["client_name"], nameless["start"]) == ("", told_booking["start"])
    assert "contact" not in nameless
    assert told["messengers"] == {}
