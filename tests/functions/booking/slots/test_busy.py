"""What blocks a visit."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from functions.booking.slots import Availability, BookedVisit, Hold, SeatRule, SlotQuery
from tests.functions.booking.slots.builders import DAY, at, hours, labels, query, visit

QUARTERS = "09:00 09:15 09:30 09:45 10:00 10:15 10:30 10:45 11:00"


def hold(span: str, **others: str) -> Hold:
    """A hold of another client that lasts till 08:10."""
    start, end = span.split("-")
    given = {"by": "other", "service_id": ""} | others
    return Hold(at(start), at(end), by=given["by"], expires=at("08:10"), service_id=given["service_id"])


def test_visits_may_touch() -> None:
    asked = query(visits=(visit("08:00-09:00"), visit("10:00-11:00"), visit("12:00-13:00")))
    assert labels(asked) == "09:00 11:00"


@pytest.mark.parametrize("span", ["09:30-10:30", "09:59-10:01", "08:00-10:30", "09:00-12:00", "09:45-10:15"])
def test_any_overlap_blocks(span: str) -> None:
    assert "09:00" not in labels(query(visits=(visit(span),)))


def test_a_begun_second_is_taken() -> None:
    standing = BookedVisit(at("09:00"), at("10:00") + timedelta(microseconds=1))
    assert labels(query("09:00-11:02", step_min=1, visits=(standing,))) == "10:01 10:02"


def test_a_visit_from_yesterday_still_blocks_after_midnight() -> None:
    late = BookedVisit(at("23:00", DAY - timedelta(days=1)), at("01:00"))
    assert labels(query("00:00-03:00", visits=(late,))) == "01:00 02:00"


def test_a_new_visit_over_midnight_meets_the_next_days_visits() -> None:
    early = visit("00:20-01:00", DAY + timedelta(days=1))
    asked = query("00:00-24:00", step_min=10, visits=(early,))
    assert labels(asked).split()[-1] == "23:20"


def test_buffers_of_both_visits_are_added_between_them() -> None:
    """BOOK-7: buffer before and after."""
    standing = visit("11:00-12:00", buffer_before_min=10, buffer_after_min=20)
    asked = query("08:00-16:00", step_min=5, buffer_before_min=15, buffer_after_min=30, visits=(standing,))
    found = labels(asked).split()
    assert "09:20" in found
    assert "09:25" not in found
    assert "12:30" not in found
    assert "12:35" in found


def test_buffers_may_run_past_opening_and_closing() -> None:
    assert labels(query("09:00-11:00", buffer_before_min=60, buffer_after_min=60)) == "09:00 10:00"


@pytest.mark.parametrize(("applies", "expected"), [(False, "09:00 11:00 12:00"), (True, "12:00")])
def test_buffers_apply_to_time_off_only_when_asked(*, applies: bool, expected: str) -> None:
    asked = query(
        "09:00-13:00",
        buffer_before_min=60,
        buffer_after_min=30,
        buffers_apply_to_time_off=applies,
        time_off=((at("10:00"), at("11:00")),),
    )
    assert labels(asked) == expected


def test_a_day_off_given_in_utc_closes_exactly_one_local_day() -> None:
    off = ((at("18:15", DAY - timedelta(days=1)), at("18:15")),)
    found = Availability(query(hours("09:00-12:00", "Asia/Kathmandu"), time_off=off))
    assert found.free_days(DAY - timedelta(days=1), 3) == [DAY - timedelta(days=1), DAY + timedelta(days=1)]


@pytest.mark.parametrize(("start", "end"), [("10:30", "10:30"), ("11:30", "09:30")])
def test_time_off_without_length_or_backwards_takes_no_time(start: str, end: str) -> None:
    assert labels(query(time_off=((at(start), at(end)),))) == "09:00 10:00 11:00"


@pytest.mark.parametrize(("blocks", "expected"), [(False, "09:00 10:00 11:00"), (True, "09:00 11:00")])
def test_a_visit_without_length_blocks_only_when_asked(*, blocks: bool, expected: str) -> None:
    assert labels(query(visits=(visit("10:30-10:30"),), empty_visits_block=blocks)) == expected


def test_a_visit_without_length_never_blocks_one_that_touches_it() -> None:
    assert labels(query(visits=(visit("10:00-10:00"),), empty_visits_block=True)) == "09:00 10:00 11:00"


def test_a_visit_that_ends_before_it_begins_takes_no_time() -> None:
    assert labels(query(visits=(visit("11:30-09:30"),), empty_visits_block=True)) == "09:00 10:00 11:00"


@pytest.mark.parametrize(
    ("now", "client", "expected"),
    [
        ("08:09", "me", "09:00 11:00"),
        ("08:09", None, "09:00 11:00"),
        ("08:10", "me", "09:00 10:00 11:00"),
        ("08:11", "me", "09:00 10:00 11:00"),
        ("08:09", "other", "09:00 10:00 11:00"),
    ],
)
def test_a_hold_blocks_others_until_it_expires(now: str, client: str | None, expected: str) -> None:
    """BOOK-12: time that another client is about to take is not offered."""
    assert labels(query(holds=(hold("10:00-11:00"),), now=at(now), client_id=client)) == expected


def test_a_hold_for_another_service_blocks_too() -> None:
    assert labels(query(id="cut", holds=(hold("10:00-11:00", service_id="wash"),), now=at("08:00"))) == "09:00 11:00"


def test_a_nameless_client_owns_no_hold() -> None:
    assert labels(query(holds=(hold("10:00-11:00", by=""),), now=at("08:00"), client_id="")) == "09:00 11:00"


def test_a_moving_visit_does_not_block_itself() -> None:
    """BOOK-13, BOOK-19: a visit is moved with its own time free."""
    visits = (visit("09:00-10:00", id="a"), visit("10:00-11:00", id="b"))
    assert labels(query(visits=visits, moving_visit_id="a")) == "09:00 11:00"


def test_no_moving_visit_means_that_nameless_visits_block() -> None:
    assert labels(query(visits=(visit("10:00-11:00"),), moving_visit_id="")) == "09:00 11:00"


def group(*taken: int, span: str = "10:00-11:00", **others: Any) -> tuple[BookedVisit, ...]:
    """One booking for each number of places, all at one time."""
    return tuple(visit(span, seats_taken=count, **others) for count in taken)


class TestGroupsJoinedAtTheirStart:
    """A group visit with places left is offered at its own start and nowhere else."""

    @pytest.mark.parametrize(
        ("taken", "expected"),
        [((1,), "09:00 10:00 11:00"), ((1, 1), "09:00 10:00 11:00"), ((3,), "09:00 11:00"), ((1, 2), "09:00 11:00")],
    )
    def test_places_of_one_start_are_added(self, taken: tuple[int, ...], expected: str) -> None:
        assert labels(query(seats=3, step_min=15, visits=group(*taken))) == expected

    def test_another_services_visit_is_not_joined(self) -> None:
        assert labels(query(seats=3, id="yoga", visits=group(1, service_id="cut"))) == "09:00 11:00"

    def test_a_group_off_the_grid_is_offered_too(self) -> None:
        assert labels(query(seats=2, visits=group(1, span="10:20-11:20"))) == "09:00 10:20"

    def test_a_group_too_short_for_the_service_is_not_joined(self) -> None:
        assert labels(query(seats=2, visits=group(1, span="10:00-10:30"))) == "09:00 11:00"

    def test_a_hold_takes_a_place(self) -> None:
        asked = query(seats=2, visits=group(1), holds=(hold("10:00-11:00"),), now=at("08:00"))
        assert labels(asked) == "09:00 11:00"
        assert labels(replace(asked, client_id="other")) == "09:00 10:00 11:00"

    def test_buffers_do_not_part_a_client_from_his_group(self) -> None:
        asked = query("09:00-13:00", seats=2, buffer_before_min=10, buffer_after_min=10, visits=group(1))
        assert labels(asked) == "10:00 12:00"

    def test_time_off_closes_a_group(self) -> None:
        assert labels(query(seats=2, visits=group(1), time_off=((at("10:30"), at("10:40")),))) == "09:00 11:00"

    def test_notice_and_hours_hold_for_a_group(self) -> None:
        asked = query(seats=2, visits=group(1, span="08:00-09:00") + group(1))
        assert labels(asked) == "09:00 10:00 11:00"
        assert labels(replace(asked, now=at("10:01"))) == "11:00"

    def test_the_longest_booking_of_a_group_tells_its_end(self) -> None:
        longer, shorter = group(1, span="10:00-11:00"), group(1, span="10:00-10:30")
        assert labels(query(seats=3, visits=longer + shorter)) == "09:00 10:00 11:00"
        assert labels(query(seats=3, visits=shorter + longer)) == "09:00 10:00 11:00"

    def test_a_group_past_midnight_is_offered_on_its_own_date(self) -> None:
        night = visit("00:30-01:30", DAY + timedelta(days=1))
        found = Availability(query("00:00-24:00", seats=2, visits=(night,)))
        assert at("00:30", DAY + timedelta(days=1)) not in found.free_starts(DAY)
        assert at("00:30", DAY + timedelta(days=1)) in found.free_starts(DAY + timedelta(days=1))

    def test_a_group_on_another_day_is_not_offered_today(self) -> None:
        tomorrow = visit("10:00-11:00", DAY + timedelta(days=1))
        assert labels(query("10:00-11:00", seats=2, visits=(*group(1), tomorrow))) == "10:00"

    def test_the_day_of_an_open_group_alone_is_a_free_day(self) -> None:
        asked = query("10:00-11:00", seats=2, visits=group(1))
        assert Availability(asked).free_days(DAY, 1) == [DAY]
        assert Availability(replace(asked, visits=group(2))).free_days(DAY, 1) == []


class TestGroupsThatOverlap:
    """Places are counted at each moment, whatever the starts."""

    @staticmethod
    def asked(*visits: BookedVisit, **others: Any) -> SlotQuery:
        return query(seats=2, step_min=30, seat_rule=SeatRule.OVERLAP, visits=visits, **others)

    def test_any_start_is_free_while_a_place_remains(self) -> None:
        assert labels(self.asked(*group(1))) == "09:00 09:30 10:00 10:30 11:00"

    def test_a_full_hour_is_closed(self) -> None:
        assert labels(self.asked(*group(2))) == labels(self.asked(*group(1, 1))) == "09:00 11:00"

    def test_places_are_added_where_visits_overlap(self) -> None:
        visits = group(1, span="09:30-10:30") + group(1, span="10:00-11:00")
        assert labels(self.asked(*visits)) == "09:00 10:30 11:00"

    def test_visits_one_after_another_do_not_add_up(self) -> None:
        visits = group(1, span="10:00-10:30") + group(1, span="10:30-11:00")
        assert labels(self.asked(*visits)) == "09:00 09:30 10:00 10:30 11:00"

    def test_another_services_visit_blocks(self) -> None:
        assert labels(self.asked(*group(1, service_id="cut"))) == "09:00 11:00"

    def test_buffers_stand_before_and_after_an_open_group(self) -> None:
        assert labels(self.asked(*group(1), buffer_before_min=10)) == "09:00 09:30 10:00"
