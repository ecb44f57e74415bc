"""Booking over HTTP."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.booking.tables import find_booking
from shared import limits
from shared.clock import now
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("demo")
ANNA = "/v1/booking/masters/anna"


def _slots(**query: str) -> list[dict[str, str]]:
    status, page, _ = call("GET", f"{ANNA}/slots", query={"service": "1", "days": "14", **query})
    assert status == 200
    found: list[dict[str, str]] = page["items"]
    return found


def _book(start: str, key: str = "", name: str = "Olga", **more: Any) -> tuple[int, Any, dict[str, str]]:
    headers = {"idempotency-key": key} if key else {}
    return call(
        "POST", f"{ANNA}/bookings", body={"service": "1", "start": start, "client_name": name, **more}, headers=headers
    )


def test_a_master_is_shown_with_services_and_places() -> None:
    status, master, _ = call("GET", ANNA)
    assert status == 200
    assert next(service["name"] for service in master["services"]) == "Маникюр"
    assert master["places"][0]["zone"] == "Europe/Moscow"
    assert "org_id" not in master


def test_an_unknown_master_is_told_in_the_callers_language() -> None:
    """PLAT-12, PLAT-42."""
    status, problem, headers = call("GET", "/v1/booking/masters/nobody", headers={"accept-language": "ru,en;q=0.5"})
    assert (status, headers["Content-Type"]) == (404, "application/problem+json")
    assert problem["detail"] == "Такого мастера нет."
    assert problem["correlation_id"] == headers["X-Correlation-Id"]


def test_free_times_carry_the_offset_of_the_place() -> None:
    """PLAT-12: RFC 3339 with offset."""
    first = _slots()[0]
    assert first["start"].endswith("+03:00")
    assert datetime.fromisoformat(first["end"]) - datetime.fromisoformat(first["start"]) == timedelta(hours=1)


def test_free_times_are_paged_by_cursor() -> None:
    """PLAT-12."""
    every = _slots(days="5")
    seen: list[dict[str, str]] = []
    query = {"service": "1", "days": "5", "limit": "7"}
    while True:
        _, page, _ = call("GET", f"{ANNA}/slots", query=query)
        seen += page["items"]
        if "next_cursor" not in page:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == every


@pytest.mark.parametrize("cursor", ["", "made-up", "ю", "A" * 300, "eyJwIjoiMSJ9"])
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    status, problem, _ = call("GET", f"{ANNA}/slots", query={"service": "1", "cursor": cursor})
    assert status in {200, 422} if cursor == "" else status == 422
    assert cursor == "" or "cursor" in problem["detail"]


def test_a_cursor_of_another_master_is_refused() -> None:
    _, page, _ = call("GET", f"{ANNA}/slots", query={"service": "1", "limit": "1", "days": "14"})
    other = call("GET", "/v1/booking/masters/boris/slots", query={"service": "3", "cursor": page["next_cursor"]})
    assert other[0] == 422


def test_a_free_time_is_booked_and_then_no_longer_free() -> None:
    start = _slots()[0]["start"]
    status, booking, _ = _book(start)
    assert status == 201
    assert (booking["status"], booking["start"], booking["service"]) == ("booked", start, "Маникюр")
    assert start not in [slot["start"] for slot in _slots()]
    stored = find_booking("org_lipa", booking["id"])
    assert stored is not None
    assert stored.client_name == "Olga"


def test_a_taken_time_is_answered_with_others() -> None:
    """BOOK-12: a clear answer and other times."""
    start = _slots()[0]["start"]
    _book(start)
    status, problem, _ = _book(start, name="Second")
    assert (status, problem["type"]) == (409, "/docs#slot-taken")
    assert problem["alternatives"]
    assert start not in [slot["start"] for slot in problem["alternatives"]]
    assert _book(problem["alternatives"][0]["start"], name="Second")[0] == 201


def test_the_same_key_makes_one_booking() -> None:
    """PLAT-12: Idempotency-Key."""
    start = _slots()[0]["start"]
    first, again = _book(start, key="k1"), _book(start, key="k1")
    assert (first[0], again[0]) == (201, 201)
    assert first[1] == again[1]
    other = _book(_slots()[3]["start"], key="k1")
    assert (other[0], other[1]["type"]) == (422, "/docs#invalid-field")


@pytest.mark.parametrize("key", ["", "a b", "ю", "k" * 129])
def test_a_key_that_is_no_key_is_refused(key: str) -> None:
    status, _, _ = call(
        "POST",
        f"{ANNA}/bookings",
        body={"service": "1", "start": _slots()[0]["start"], "client_name": "Olga"},
        headers={"idempotency-key": key},
    )
    assert status == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"start": "2026-11-23T10:00:00"}, "start"),
        ({"start": "0001-01-01T00:00:00Z"}, "start"),
        ({"start": "9999-12-31T23:59:59-23:59"}, "start"),
        ({"start": 1}, "start"),
        ({"client_name": ""}, "client_name"),
        ({"client_name": "x" * 121}, "client_name"),
        ({"client_name": None}, "client_name"),
        ({"service": 7}, "service"),
        ({"surprise": True}, "surprise"),
    ],
)
def test_a_wrong_value_is_named(change: dict[str, Any], field: str) -> None:
    """PLAT-12: 4xx, never 5xx."""
    body = {"service": "1", "start": "2026-11-23T10:00:00+03:00", "client_name": "Olga", **change}
    status, problem, _ = call("POST", f"{ANNA}/bookings", body=body)
    assert status == 422
    assert field in [error["field"] for error in problem["errors"]]


def test_times_that_cannot_be_are_not_booked() -> None:
    for start in ("2026-01-12T10:00:00+03:00", (now() + timedelta(days=90)).isoformat(), "2099-01-01T10:00:00Z"):
        assert _book(start)[0] == 409


def test_a_service_of_several_places_wants_one_named() -> None:
    status, problem, _ = call("GET", "/v1/booking/masters/boris/slots", query={"service": "1"})
    assert status == 422
    assert "several places" in problem["detail"]
    assert call("GET", "/v1/booking/masters/boris/slots", query={"service": "1", "place": "2"})[0] == 200
    assert call("GET", "/v1/booking/masters/boris/slots", query={"service": "3", "place": "2"})[0] == 422
    assert call("GET", "/v1/booking/masters/boris/slots", query={"service": "9"})[0] == 422


def test_public_routes_are_limited_by_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-34: 429 with Retry-After, for that address alone."""
    moment = now()
    monkeypatch.setattr(limits, "now", lambda: moment)
    for _ in range(60):
        call("POST", f"{ANNA}/bookings", body={}, address="198.51.100.1")
    status, _, headers = call("POST", f"{ANNA}/bookings", body={}, address="198.51.100.1")
    assert status == 429
    assert 1 <= int(headers["Retry-After"]) <= 60
    assert call("POST", f"{ANNA}/bookings", body={}, address="198.51.100.2")[0] == 422


def test_other_sites_may_ask() -> None:
    assert call("GET", ANNA)[2]["Access-Control-Allow-Origin"] == "*"
