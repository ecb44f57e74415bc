"""Guesses of a password at once, over real HTTP to the embedded AWS."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx

from infra.local.product import Product
from tests.support.known_people import EMAIL, PASSWORD
from tests.support.running import client_from

PARALLEL = 50
FREE = 5


def _guess(product: Product, at: int) -> httpx.Response:
    with client_from(f"127.0.4.{at + 1}") as client:  # each from an address of its own
        return client.post(f"{product.base_url}/v1/accounts/login", json={"email": EMAIL, "password": PASSWORD})


def test_fifty_guesses_at_once_pass_no_more_than_one_after_another(product: Product) -> None:
    """PLAT-34: only what was counted is compared with a hash and answered 401; the rest is told when to come back."""
    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(lambda at: _guess(product, at), range(PARALLEL)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {401, 429}
    assert statuses.count(401) == FREE
    assert all(int(answer.headers["Retry-After"]) <= 30 for answer in answers if answer.status_code == 429)
