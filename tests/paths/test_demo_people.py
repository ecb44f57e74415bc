"""The demo's people enter the running product with what `demo.json` tells."""

from __future__ import annotations

import httpx
import pytest

from infra.local.product import Product
from shared.rights import ROLES, Right, Role
from tests.support.running import client_from

pytestmark = pytest.mark.xdist_group("product")


def _signed_in(product: Product, person: dict[str, str]) -> httpx.Headers:
    with client_from("127.0.3.1") as client:
        given = {"email": person["email"], "password": person["password"]}
        answer = client.post(f"{product.base_url}/v1/accounts/login", json=given)
    assert answer.status_code == 200, answer.text
    return httpx.Headers({"Authorization": f"Bearer {answer.json()['access_token']}"})


@pytest.mark.parametrize("role", list(Role))
def test_each_role_has_somebody_who_can_do_what_it_may(product: Product, role: Role) -> None:
    """PLAT-4, PLAT-33: over the real gateway with its authorizer."""
    person = next(each for each in product.demo["people"] if each["role"] == role)
    headers = _signed_in(product, person)
    routes = {
        "/v1/accounts/members": Right.MEMBERS_READ,
        "/v1/accounts/organisation": Right.ORGANISATION_READ,
        "/v1/booking/bookings": Right.BOOKINGS_READ,
        "/v1/booking/own-bookings": Right.BOOKINGS_READ_OWN,
    }
    for path, right in routes.items():
        answer = httpx.get(f"{product.base_url}{path}", headers=headers, timeout=30)
        assert (path, answer.status_code) == (path, 200 if right in ROLES[role] else 403)


def test_an_administrator_sees_what_is_booked(product: Product) -> None:
    """PLAT-4: demo data is waiting."""
    people = {each["email"]: each for each in product.demo["people"]}
    seen = {}
    for email in ("maria@lipa.example", "giorgi@wheel.example"):
        url = f"{product.base_url}/v1/booking/bookings"
        items = httpx.get(url, headers=_signed_in(product, people[email]), timeout=30).json()["items"]
        seen[email] = {item["id"] for item in items}
    assert seen["maria@lipa.example"]
    assert seen["giorgi@wheel.example"]
    assert not seen["maria@lipa.example"] & seen["giorgi@wheel.example"]
