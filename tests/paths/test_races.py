"""Races for the same time, over real HTTP to the embedded AWS."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import httpx

from infra.local.product import Product
from tests.support.running import client_from

PARALLEL = 50


def _book(product: Product, start: str, at: int) -> httpx.Response:
    with client_from(f"127.0.1.{at + 1}") as client:  # public routes are limited by address
        return client.post(
            f"{product.base_url}/v1/booking/masters/boris/bookings",
            json={"service": "2", "place": "1", "start": start, "client_name": f"Client {at}"},
        )


def _free(product: Product) -> list[str]:
    query = {"service": "2", "place": "1", "days": "20", "limit": "200"}
    answer = httpx.get(f"{product.base_url}/v1/booking/masters/boris/slots", params=query, timeout=30)
    return [slot["start"] for slot in answer.json()["items"]]


def _race(product: Product, starts: list[str]) -> list[httpx.Response]:
    with ThreadPoolExecutor(len(starts)) as pool:
        return list(pool.map(lambda pair: _book(product, pair[1], pair[0]), enumerate(starts)))


def test_fifty_at_once_for_one_time(product: Product) -> None:
    """BOOK-12: exactly one stands, every loser gets a clear answer and other times."""
    start = _free(product)[-1]
    answers = _race(product, [start] * PARALLEL)
    assert sorted({answer.status_code for answer in answers}) == [201, 409]
    assert [answer.status_code for answer in answers].count(201) == 1
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["type"] == "/docs#slot-taken"
            assert start not in [slot["start"] for slot in answer.json()["alternatives"]]


def test_many_at_once_for_times_that_overlap(product: Product) -> None:
    """BOOK-12: what stands in the end does not overlap, whoever came first."""
    free = _free(product)
    starts = (free[:6] * PARALLEL)[:PARALLEL]
    answers = _race(product, starts)
    assert {answer.status_code for answer in answers} <= {201, 409}
    stands = [_period(answer.json()) for answer in answers if answer.status_code == 201]
    assert stands
    for (begin, end), (begin2, end2) in combinations(stands, 2):
        assert end <= begin2 or end2 <= begin


def _period(booking: dict[str, Any]) -> tuple[datetime, datetime]:
    begin, end = (datetime.fromisoformat(booking[name]) for name in ("start", "end"))
    assert end - begin == timedelta(hours=1)
    return begin, end
