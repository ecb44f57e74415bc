"""Taking and freeing time."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.booking.models import Booking, BookingStatus, Day
from functions.booking.reservation import freed, taken, visits_of

ZONE = "Europe/Moscow"
MORNING = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)


def _booking(name: str, start_min: int, length_min: int, before_min: int = 0, after_min: int = 0) -> Booking:
    start = MORNING + timedelta(minutes=start_min)
    return Booking(
        id=f"bkg_{name}",
        org_id="org_a",
        master_id="mst_a",
        code="anna",
        status=BookingStatus.BOOKED,
        service_key="1",
        service_name="Service",
        place_key="1",
        place_name="Place",
        address="",
        zone=ZONE,
        start=start,
        end=start + timedelta(minutes=length_min),
        buffer_before_min=before_min,
        buffer_after_min=after_min,
        client_id="cli_a",
        client_name="Olga",
        created_at=MORNING,
    )


BOOKINGS = st.tuples(st.integers(0, 3000), st.integers(5, 900), st.integers(0, 200), st.integers(0, 200))


@given(BOOKINGS, BOOKINGS)
def test_two_visits_that_cannot_both_be_meet_in_one_day(
    one: tuple[int, int, int, int], other: tuple[int, int, int, int]
) -> None:
    """BOOK-12: so that the version of that day refuses the second."""
    (start, length, before, after), (start2, length2, before2, after2) = one, other
    is_clash = start - before < start2 + length2 + after2 and start2 - before2 < start + length + after
    days = {day.date for day in taken((), _booking("a", *one), ZONE)}
    days2 = {day.date for day in taken((), _booking("b", *other), ZONE)}
    assert not is_clash or days & days2


def test_a_visit_over_midnight_stands_in_both_days() -> None:
    """21:00 in UTC is midnight in Moscow."""
    days = taken((), _booking("night", 20 * 60 + 30, 60), ZONE)
    assert [day.date for day in days] == [date(2026, 11, 23), date(2026, 11, 24)]
    assert len(visits_of(days)) == 1


def test_a_visit_that_ends_at_midnight_leaves_the_next_day_alone() -> None:
    assert [day.date for day in taken((), _booking("late", 20 * 60, 60), ZONE)] == [date(2026, 11, 23)]


@given(st.lists(BOOKINGS, max_size=6), BOOKINGS)
def test_freeing_takes_back_what_taking_added(
    others: list[tuple[int, int, int, int]], one: tuple[int, int, int, int]
) -> None:
    days: dict[date, Day] = {}
    for at, other in enumerate(others):
        days |= {day.date: day for day in taken(tuple(days.values()), _booking(str(at), *other), ZONE)}
    booking = _booking("mine", *one)
    after = days | {day.date: day for day in taken(tuple(days.values()), booking, ZONE)}
    back = after | {day.date: day for day in freed(tuple(after.values()), booking)}
    assert {day: found.visits for day, found in back.items() if found.visits} == {
        day: found.visits for day, found in days.items()
    }
