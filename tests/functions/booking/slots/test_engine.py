"""Questions that span rules: days, confirmation, clients in other zones, changes of the clock."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from functions.booking.slots import Availability, free_days, free_starts, is_free
from functions.booking.slots.busy import BusyTime, Gap
from functions.booking.slots.hours import Run
from tests.functions.booking.slots.builders import DAY, at, hours, labels, query, visit

WEEK = 7


def test_starts_are_aware_moments_in_utc() -> None:
    """BOOK-11: free intervals of a day."""
    found = free_starts(DAY, query(hours("09:00-11:00", "Asia/Kathmandu")))
    assert found == [datetime(2026, 11, 24, 3, 15, tzinfo=UTC), datetime(2026, 11, 24, 4, 15, tzinfo=UTC)]
    assert all(start.tzinfo is UTC for start in found)


def test_a_visit_that_fits_nowhere_has_no_start() -> None:
    assert labels(query("09:00-11:00 12:00-14:00", duration_min=150)) == ""


def test_a_visit_longer_than_a_day_fits_a_master_who_never_closes() -> None:
    assert labels(query("00:00-24:00", duration_min=3000, step_min=720)) == "00:00 12:00"


def test_the_last_start_ends_at_closing() -> None:
    assert labels(query("09:00-10:45", step_min=15)) == "09:00 09:15 09:30 09:45"


def test_a_visit_over_midnight_needs_work_on_both_days() -> None:
    night = query("00:00-00:30 23:00-24:00", duration_min=90, step_min=30)
    assert labels(night) == "23:00"
    assert labels(query("23:00-24:00", duration_min=90, step_min=30)) == ""


def test_starts_belong_to_one_date_each() -> None:
    found = Availability(query("00:00-02:00 22:00-23:59", step_min=30))
    starts = [start for offset in range(4) for start in found.free_starts(DAY + timedelta(days=offset))]
    assert starts == sorted(set(starts))
    assert len(starts) == 7 * 4


@pytest.mark.parametrize(
    ("day", "zone", "text", "expected"),
    [
        (date(2026, 10, 25), "Europe/Berlin", "01:00-04:00", "01:00 02:00 02:00 03:00"),
        (date(2026, 3, 29), "Europe/Berlin", "01:00-05:00", "01:00 03:00 04:00"),
        (date(2026, 4, 5), "Australia/Lord_Howe", "01:00-03:00", "01:00 01:30"),
        (date(2026, 9, 6), "America/Santiago", "00:00-03:00", "01:00 02:00"),
        (date(2026, 4, 4), "America/Santiago", "22:00-24:00", "22:00 23:00 23:00"),
        (date(2026, 3, 29), "Asia/Beirut", "00:00-03:00", "01:00 02:00"),
        (date(2026, 11, 1), "America/Havana", "00:00-02:00", "00:00 00:00 01:00"),
        (date(2011, 12, 30), "Pacific/Apia", "00:00-24:00", ""),
    ],
)
def test_grids_go_on_in_real_time_when_the_clock_changes(day: date, zone: str, text: str, expected: str) -> None:
    assert labels(query(hours(text, zone)), day) == expected


def test_a_clock_set_back_over_midnight_loses_no_start() -> None:
    """Newfoundland, till 2011: a minute past midnight it was 23:01 of the day before."""
    asked = query(hours("00:00-24:00", "America/St_Johns"), now=at("00:00", date(2010, 1, 1)))
    found = Availability(asked)
    starts = [start for day in (6, 7, 8) for start in found.free_starts(date(2010, 11, day))]
    assert starts == [starts[0] + timedelta(hours=hour) for hour in range(73)]
    assert all(map(found.is_free, starts))


def test_both_of_two_equal_labels_are_free_apart() -> None:
    day = date(2026, 10, 25)
    asked = query(hours("01:00-04:00", "Europe/Berlin"), visits=(visit("01:00-02:00", day),))
    assert Availability(asked).free_starts(day) == [at("23:00", date(2026, 10, 24)), at("00:00", day), at("02:00", day)]


def test_free_days_are_those_with_a_free_start() -> None:
    """BOOK-11: days that have free time."""
    off = ((at("00:00", DAY + timedelta(days=2)), at("00:00", DAY + timedelta(days=4))),)
    asked = query(hours("09:00-12:00", closed=frozenset({DAY})), time_off=off)
    assert free_days(DAY, WEEK, asked) == [DAY + timedelta(days=offset) for offset in (1, 4, 5, 6)]


def test_free_days_stop_at_the_limit() -> None:
    assert free_days(DAY, WEEK, query(), limit=2) == [DAY, DAY + timedelta(days=1)]
    assert free_days(DAY, 0, query()) == []


def test_a_free_day_is_known_from_its_first_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_gap(_busy: BusyTime, runs: list[Run]) -> Iterator[Gap]:
        begin, _, _ = runs[0]
        yield begin, begin, begin + 3600
        pytest.fail("more of the day was looked at")

    monkeypatch.setattr(BusyTime, "gaps", one_gap)
    assert free_days(DAY, 3, query("09:00-18:00")) == [DAY + timedelta(days=offset) for offset in range(3)]


def test_confirmation_agrees_with_the_offer() -> None:
    """BOOK-12: the check when a client confirms."""
    asked = query(visits=(visit("10:00-11:00"),))
    assert is_free(at("09:00"), asked)
    assert is_free(at("09:00").astimezone(ZoneInfo("Asia/Tokyo")), asked)
    assert not is_free(at("10:00"), asked)
    assert not is_free(at("09:30"), asked)
    assert not is_free(at("09:00") + timedelta(seconds=1), asked)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        is_free(datetime(2026, 11, 24, 9), query())  # noqa: DTZ001


def test_a_button_drawn_earlier_fails_once_its_time_is_gone() -> None:
    """BOOK-21: an old message's button gets a sensible answer."""
    asked = query(now=at("08:00"))
    drawn = Availability(asked).free_starts(DAY)
    assert not is_free(drawn[0], replace(asked, now=at("09:01")))
    assert not is_free(drawn[0], replace(asked, visits=(visit("09:00-10:00"),)))
    assert is_free(drawn[1], replace(asked, visits=(visit("09:00-10:00"),)))


def test_a_start_off_the_grid_may_fit() -> None:
    """BOOK-9: the master books by hand."""
    found = Availability(query("09:00-12:00", visits=(visit("10:40-11:00"),), now=at("09:10")))
    assert found.fits(at("09:40"))
    assert not found.fits(at("09:41"))
    assert found.fits(at("11:00"))
    assert not found.fits(at("11:01"))
    assert not found.fits(at("09:09"))
    assert not found.fits(at("09:40") + timedelta(microseconds=1))


def test_rules_of_the_day_hold_off_the_grid_too() -> None:
    asked = query(visits=(visit("11:00-12:00"),), now=at("08:00"))
    assert Availability(asked).fits(at("09:20"))
    assert not Availability(replace(asked, rules=replace(asked.rules, max_visits_per_day=1))).fits(at("09:20"))
    assert Availability(replace(asked, rules=replace(asked.rules, horizon_days=0))).fits(at("09:20"))
    tomorrow = at("09:20", DAY + timedelta(days=1))
    assert not Availability(replace(asked, rules=replace(asked.rules, horizon_days=0))).fits(tomorrow)


def test_an_open_group_may_be_joined_whatever_else_is_booked() -> None:
    visits = (visit("10:00-11:00", service_id="yoga"), visit("10:15-10:45", service_id="call"))
    found = Availability(query("09:00-12:00", id="yoga", seats=2, visits=visits))
    assert found.fits(at("10:00"))
    assert not found.fits(at("10:05"))


def test_a_client_in_another_zone_sees_his_own_day() -> None:
    asked = query(hours("20:00-24:00", "Europe/Lisbon"))
    tokyo = ZoneInfo("Asia/Tokyo")
    midnight = datetime(2026, 11, 25, tzinfo=tokyo)
    found = Availability(asked).free_starts_between(midnight, midnight + timedelta(days=1))
    assert [f"{start.astimezone(tokyo):%d %H}" for start in found] == ["25 05", "25 06", "25 07", "25 08"]


def test_a_clients_day_may_hold_parts_of_three_of_the_masters() -> None:
    asked = query("00:00-24:00", step_min=720)
    found = Availability(asked).free_starts_between(at("11:00"), at("13:00", DAY + timedelta(days=1)))
    assert [start.day for start in found] == [24, 25, 25]


def test_each_day_of_a_clients_period_keeps_its_own_limit() -> None:
    asked = query("00:00-24:00", step_min=360, max_visits_per_day=1, visits=(visit("03:00-04:00"),))
    found = Availability(asked).free_starts_between(at("12:00"), at("12:00", DAY + timedelta(days=1)))
    assert found == [at("00:00", DAY + timedelta(days=1)), at("06:00", DAY + timedelta(days=1))]


def test_an_empty_period_holds_no_start() -> None:
    assert Availability(query()).free_starts_between(at("09:00"), at("09:00")) == []
