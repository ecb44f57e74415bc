"""Rules that close whole days."""

from datetime import date, timedelta
from typing import Any

import pytest

from functions.booking.slots import Availability, BookedVisit, DayCount, SlotQuery
from functions.booking.slots.limits import last_day
from tests.functions.booking.slots.builders import DAY, at, hours, labels, query, visit

FULL = "09:00 10:00 11:00"
TOMORROW = DAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "days", "count", "expected"),
    [
        ("2026-11-24", 0, DayCount.CALENDAR, "2026-11-24"),
        ("2026-11-24", 7, DayCount.CALENDAR, "2026-12-01"),
        ("2026-11-24", 0, DayCount.BUSINESS, "2026-11-24"),
        ("2026-11-24", 3, DayCount.BUSINESS, "2026-11-27"),
        ("2026-11-24", 4, DayCount.BUSINESS, "2026-11-30"),
        ("2026-11-27", 1, DayCount.BUSINESS, "2026-11-30"),
        ("2026-11-28", 1, DayCount.BUSINESS, "2026-11-30"),
        ("2026-11-29", 5, DayCount.BUSINESS, "2026-12-04"),
        ("2026-11-28", 0, DayCount.BUSINESS, "2026-11-28"),
    ],
)
def test_the_horizon_counts_from_today(now: str, days: int, count: DayCount, expected: str) -> None:
    """BOOK-7: how far ahead."""
    asked = query(now=at("12:00", date.fromisoformat(now)), horizon_days=days, horizon_count=count)
    assert last_day(asked) == date.fromisoformat(expected)


def test_the_last_day_is_open_and_the_next_closed() -> None:
    found = Availability(query(now=at("07:00"), horizon_days=1))
    assert found.free_days(DAY, 5) == [DAY, TOMORROW]


@pytest.mark.parametrize(("zone", "today"), [("Pacific/Auckland", "2026-11-25"), ("America/Los_Angeles", "2026-11-24")])
def test_today_is_the_masters(zone: str, today: str) -> None:
    asked = query(hours("09:00-12:00", zone), now=at("18:00"), horizon_days=0)
    assert last_day(asked) == date.fromisoformat(today)


def test_no_horizon_means_no_last_day() -> None:
    assert last_day(query()) is None


@pytest.mark.parametrize(("limit", "expected"), [(1, ""), (2, ""), (3, "09:00 10:00")])
def test_a_day_with_as_many_visits_as_allowed_is_closed(limit: int, expected: str) -> None:
    """BOOK-7: limit per day."""
    asked = query(max_visits_per_day=limit, visits=(visit("11:00-11:30"), visit("11:30-12:00", service_id="other")))
    assert labels(asked) == expected


@pytest.mark.parametrize(("limit", "expected"), [(60, ""), (119, ""), (120, "09:00 10:00"), (59, "")])
def test_a_visit_must_fit_into_the_minutes_of_a_day(limit: int, expected: str) -> None:
    visits = (visit("11:00-11:20", buffer_after_min=10), visit("11:20-12:00"))
    assert labels(query(max_minutes_per_day=limit, visits=visits)) == expected


def test_both_limits_hold() -> None:
    visits = (visit("11:00-11:10"),)
    assert labels(query(max_visits_per_day=2, max_minutes_per_day=60, visits=visits)) == ""
    assert labels(query(max_visits_per_day=1, max_minutes_per_day=600, visits=visits)) == ""
    assert labels(query(max_visits_per_day=2, max_minutes_per_day=70, visits=visits)) == "09:00 10:00"


def test_a_limit_of_none_at_all_closes_every_day() -> None:
    assert labels(query(max_visits_per_day=0)) == ""


def test_a_moving_visit_does_not_count() -> None:
    visits = (visit("10:00-11:00", id="a"),)
    assert labels(query(max_visits_per_day=1, visits=visits, moving_visit_id="a")) == FULL
    assert labels(query(max_minutes_per_day=60, visits=visits, moving_visit_id="a")) == FULL


def test_a_visit_counts_on_the_local_day_it_starts_on() -> None:
    asked = query(
        hours("09:00-12:00", "Asia/Kathmandu"),
        max_visits_per_day=1,
        visits=(BookedVisit(at("18:00", DAY), at("19:00", DAY)),),
    )
    assert Availability(asked).free_days(DAY, 2) == [TOMORROW]
    later = query(asked.hours, max_visits_per_day=1, visits=(BookedVisit(at("18:15", DAY), at("19:00", DAY)),))
    assert Availability(later).free_days(DAY, 2) == [DAY]


def groups(**rules: Any) -> SlotQuery:
    """Two bookings of one group visit, places for four."""
    return query(seats=4, visits=(visit("10:00-11:00"), visit("10:00-11:00")), **rules)


def test_the_bookings_of_one_group_visit_count_once() -> None:
    assert labels(groups(max_visits_per_day=2)) == FULL
    assert labels(groups(max_minutes_per_day=120)) == FULL


def test_bookings_of_unequal_length_count_as_the_longest() -> None:
    visits = (visit("10:00-11:00"), visit("10:00-10:30"))
    assert labels(query(seats=4, max_minutes_per_day=119, visits=visits)) == "10:00"
    assert labels(query(seats=4, max_minutes_per_day=119, visits=visits[::-1])) == "10:00"


def test_two_visits_at_one_time_count_twice_where_there_are_no_groups() -> None:
    assert labels(query(max_visits_per_day=2, visits=(visit("10:00-11:00"), visit("10:00-11:00")))) == ""


def test_a_group_may_be_joined_on_a_day_that_is_full() -> None:
    assert labels(groups(max_visits_per_day=1)) == "10:00"
