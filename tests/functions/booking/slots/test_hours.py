"""Working time of local dates: intervals, breaks, overrides, changes of the clock, midnight."""

from datetime import date, timedelta

import pytest

from functions.booking.slots.hours import LocalHours, interval, minute_of_day, open_minutes
from functions.booking.slots.models import WorkingHours
from tests.functions.booking.slots.builders import DAY, at, hours, intervals

HOUR_S = 3600


def spans(open_hours: WorkingHours, day: date = DAY, reach_s: int = HOUR_S) -> list[tuple[str, str]]:
    """Runs of a day as UTC labels."""
    zero = int(at("00:00", day).timestamp())
    _, _, runs = LocalHours(open_hours).plan(day, reach_s)
    return [(_label(begin - zero), _label(end - zero)) for begin, end, _ in runs]


def _label(second: int) -> str:
    return f"{second // HOUR_S:+03}:{second // 60 % 60:02}"


@pytest.mark.parametrize(
    ("label", "minute"), [("00:00", 0), ("9:05", 545), ("09:05", 545), ("23:59", 1439), ("24:00", 1440)]
)
def test_a_time_of_day_is_counted_in_minutes(label: str, minute: int) -> None:
    assert minute_of_day(label) == minute


@pytest.mark.parametrize("label", ["", "9", "24:01", "25:00", "12:60", "12:5", "-1:00", "12:00:00", " 12:00", "١٢:٠٠"])
def test_what_is_no_time_of_day_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="not a time of day"):
        minute_of_day(label)


def test_a_closing_a_minute_before_midnight_means_midnight() -> None:
    assert interval("22:00", "23:59") == interval("22:00", "24:00") == (1320, 1440)
    assert interval("23:59", "24:00") == (1439, 1440)


@pytest.mark.parametrize(
    ("given", "breaks", "left"),
    [
        ("09:00-12:00 11:00-15:00", "", "09:00-15:00"),
        ("13:00-15:00 09:00-12:00 12:00-13:00", "", "09:00-15:00"),
        ("09:00-18:00", "13:00-14:00", "09:00-13:00 14:00-18:00"),
        ("09:00-18:00", "13:00-14:00 13:30-15:00", "09:00-13:00 15:00-18:00"),
        ("09:00-18:00", "08:00-09:30 17:30-19:00", "09:30-17:30"),
        ("09:00-12:00 13:00-15:00", "11:00-14:00", "09:00-11:00 14:00-15:00"),
        ("09:00-12:00", "08:00-20:00", ""),
        ("09:00-12:00", "10:00-10:00 11:00-10:00", "09:00-12:00"),
        ("18:00-09:00 00:00-00:00", "", ""),
    ],
)
def test_intervals_are_merged_and_breaks_cut_out(given: str, breaks: str, left: str) -> None:
    assert open_minutes(intervals(given), intervals(breaks)) == list(intervals(left))


def test_an_override_replaces_the_hours_of_its_date_only() -> None:
    open_hours = hours("09:00-12:00", overrides={DAY: intervals("14:00-15:00 16:00-17:00")})
    assert spans(open_hours) == [("+14:00", "+15:00"), ("+16:00", "+17:00")]
    assert spans(open_hours, DAY + timedelta(days=1)) == [("+09:00", "+12:00")]


def test_an_empty_override_closes_the_date() -> None:
    assert spans(hours("09:00-12:00", overrides={DAY: ()})) == []


def test_breaks_of_the_weekday_and_of_the_date_stand_on_an_overridden_date() -> None:
    lunch = (intervals("13:00-14:00"),) * 7
    open_hours = hours(
        "09:00-12:00",
        overrides={DAY: intervals("10:00-18:00")},
        breaks=lunch,
        breaks_by_date={DAY: intervals("16:00-17:00")},
    )
    assert spans(open_hours) == [("+10:00", "+13:00"), ("+14:00", "+16:00"), ("+17:00", "+18:00")]


def test_a_closed_date_wins_over_its_override() -> None:
    open_hours = hours("09:00-12:00", overrides={DAY: intervals("14:00-15:00")}, closed=frozenset({DAY}))
    assert spans(open_hours) == []


def test_work_past_midnight_is_one_run_on_both_dates() -> None:
    night = hours("00:00-02:30 18:30-24:00")
    assert spans(night, reach_s=6 * HOUR_S) == [("-06:30", "+02:30"), ("+18:30", "+26:30")]


def test_a_closed_next_day_ends_the_run_at_midnight() -> None:
    night = hours("00:00-02:30 18:30-24:00", closed=frozenset({DAY + timedelta(days=1)}))
    assert spans(night, reach_s=6 * HOUR_S)[-1] == ("+18:30", "+24:00")


def test_a_run_is_followed_as_far_as_a_visit_reaches() -> None:
    assert spans(hours("00:00-24:00"), reach_s=50 * HOUR_S) == [("-24:00", "+96:00")]


@pytest.mark.parametrize(
    ("day", "zone", "text", "found"),
    [
        (date(2026, 3, 29), "Europe/Berlin", "01:00-04:00", [("+00:00", "+02:00")]),
        (date(2026, 3, 29), "Europe/Berlin", "02:00-03:00", []),
        (date(2026, 3, 29), "Europe/Berlin", "02:15-03:10", [("+01:00", "+01:10")]),
        (date(2026, 3, 29), "Europe/Berlin", "01:00-02:30", [("+00:00", "+01:00")]),
        (date(2026, 10, 4), "Australia/Lord_Howe", "02:10-03:00", [("-09:30", "-08:00")]),
        (date(2026, 3, 29), "Europe/Berlin", "01:00-02:30 03:00-04:00", [("+00:00", "+02:00")]),
        (date(2026, 10, 25), "Europe/Berlin", "01:00-04:00", [("-01:00", "+03:00")]),
        (date(2026, 10, 25), "Europe/Berlin", "02:00-02:30", [("+00:00", "+00:30")]),
        (date(2026, 10, 25), "Europe/Berlin", "09:00-10:00", [("+08:00", "+09:00")]),
        (date(2026, 9, 6), "America/Santiago", "00:00-02:00", [("+04:00", "+05:00")]),
        (date(2026, 4, 4), "America/Santiago", "22:00-24:00", [("+25:00", "+28:00")]),
        (date(2026, 3, 29), "Asia/Beirut", "00:00-02:00", [("-02:00", "-01:00")]),
        (date(2026, 10, 4), "Australia/Lord_Howe", "01:00-03:00", [("-10:30", "-08:00")]),
        (date(2026, 11, 24), "Asia/Kathmandu", "09:00-10:00", [("+03:15", "+04:15")]),
        (date(2026, 11, 24), "Pacific/Kiritimati", "00:00-01:00", [("-14:00", "-13:00")]),
        (date(2011, 12, 31), "Pacific/Apia", "09:00-10:00", [("-05:00", "-04:00")]),
    ],
)
def test_local_hours_become_real_time(day: date, zone: str, text: str, found: list[tuple[str, str]]) -> None:
    """A skipped local time is the moment of the change, of two equal labels the first is meant."""
    assert spans(hours(text, zone), day, reach_s=0) == found


@pytest.mark.parametrize(
    ("day", "zone", "length_h"),
    [
        (date(2026, 9, 6), "America/Santiago", 23.0),
        (date(2026, 4, 4), "America/Santiago", 25.0),
        (date(2026, 3, 29), "Asia/Beirut", 23.0),
        (date(2026, 4, 5), "Australia/Lord_Howe", 24.5),
        (date(2026, 11, 24), "Europe/Moscow", 24.0),
        (date(2011, 12, 30), "Pacific/Apia", 0.0),
    ],
)
def test_a_date_lasts_from_its_midnight_to_the_next(day: date, zone: str, length_h: float) -> None:
    midnight, stop = LocalHours(hours("", zone)).bounds(day)
    assert (stop - midnight) / HOUR_S == length_h


def test_a_week_of_other_than_seven_days_is_refused() -> None:
    with pytest.raises(ValueError, match="zip"):
        LocalHours(WorkingHours(hours("").zone, weekly=((),) * 6))
