"""Where starts lie inside free time: four rules."""

from datetime import date

import pytest

from functions.booking.slots import GridRule
from tests.functions.booking.slots.builders import DAY, at, hours, labels, query, visit

DAY_RULE, GAP, ROUND, OPTIMIZED = GridRule.DAY, GridRule.GAP, GridRule.GAP_ROUND, GridRule.GAP_OPTIMIZED


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (DAY_RULE, "09:10 09:40 11:40"),
        (GAP, "09:10 09:40 11:25 11:55"),
        (ROUND, "09:30 11:30"),
        (OPTIMIZED, "09:15 09:45 11:25 11:55"),
    ],
)
def test_each_rule_lays_its_own_grid_around_a_visit(rule: GridRule, expected: str) -> None:
    """BOOK-7: the step of the grid and where it begins are the master's setting."""
    asked = query("09:10-12:25", duration_min=30, step_min=30, grid=rule, visits=(visit("10:15-11:25"),))
    assert labels(asked) == expected


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(DAY_RULE, "09:20 10:20 13:05"), (GAP, "09:20 10:20 13:05"), (ROUND, "10:00"), (OPTIMIZED, "09:20 10:20 13:10")],
)
def test_each_working_interval_begins_a_grid(rule: GridRule, expected: str) -> None:
    assert labels(query("09:20-11:20 13:05-14:10", grid=rule)) == expected


@pytest.mark.parametrize("rule", GridRule)
def test_a_break_parts_the_grid_as_two_intervals_do(rule: GridRule) -> None:
    broken = hours("09:10-18:00", breaks=(((13 * 60 + 10, 13 * 60 + 50),),) * 7)
    parted = query("09:10-13:10 13:50-18:00", grid=rule, step_min=25)
    assert labels(query(broken, grid=rule, step_min=25)) == labels(parted) != ""


@pytest.mark.parametrize(
    ("step", "first"),
    [
        (60, "10:00"),
        (120, "10:00"),
        (90, "09:30"),
        (45, "09:30"),
        (40, "09:20"),
        (25, "09:20"),
        (10, "09:20"),
        (7, "09:17"),
    ],
)
def test_rounding_goes_to_the_largest_part_of_an_hour_that_divides_the_step(step: int, first: str) -> None:
    assert labels(query("09:17-18:00", step_min=step, grid=ROUND)).split()[0] == first


def test_a_step_of_forty_minutes_rounds_to_twenty() -> None:
    assert labels(query("09:05-18:00", step_min=40, grid=ROUND)).split()[0] == "09:20"


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Asia/Kolkata", "10:00 11:00"), ("Asia/Kathmandu", "10:00 11:00"), ("America/St_Johns", "10:00 11:00")],
)
def test_rounding_is_done_in_local_time(zone: str, expected: str) -> None:
    assert labels(query(hours("09:30-12:00", zone), grid=ROUND)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("09:10-12:00", "10:00 11:00"),
        ("09:10-11:50", "09:15 10:15"),
        ("09:12-11:18", "09:15 10:15"),
        ("09:10-11:11", "09:10 10:10"),
        ("09:30-11:50", "09:45 10:45"),
        ("09:00-11:50", "09:00 10:00"),
    ],
)
def test_optimized_rounding_moves_only_as_far_as_no_visit_is_lost(text: str, expected: str) -> None:
    assert labels(query(text, grid=OPTIMIZED)) == expected


@pytest.mark.parametrize("rule", [ROUND, OPTIMIZED])
def test_rounding_rules_keep_a_whole_step_across_a_gap(rule: GridRule) -> None:
    visits = (visit("09:20-09:30"),)
    assert labels(query("09:00-10:30", duration_min=15, step_min=45, grid=rule, visits=visits)) == "09:00 09:45"
    assert labels(query("09:00-09:20 09:30-10:30", duration_min=15, step_min=45, grid=rule)) == "09:00 09:45"


@pytest.mark.parametrize("rule", GridRule)
def test_an_offset_shifts_the_grid_and_lengthens_the_step(rule: GridRule) -> None:
    asked = query("09:00-11:00", duration_min=25, step_min=25, start_offset_min=5, grid=rule)
    assert labels(asked) == "09:05 09:35 10:05 10:35"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(DAY_RULE, "10:10 11:10"), (GAP, "10:10 11:10"), (ROUND, "10:00 11:00"), (OPTIMIZED, "10:00 11:00")],
)
def test_the_notice_moves_rounded_grids_and_thins_out_the_others(rule: GridRule, expected: str) -> None:
    asked = query("09:10-12:10", grid=rule, now=at("08:30"), min_notice_min=60)
    assert labels(asked) == expected


@pytest.mark.parametrize("rule", GridRule)
def test_seconds_of_now_are_dropped_and_the_exact_notice_is_offered(rule: GridRule) -> None:
    """BOOK-7: minimum notice."""
    asked = query(grid=rule, now=at("09:00:59"), min_notice_min=60)
    assert labels(asked) == "10:00 11:00"


@pytest.mark.parametrize("rule", GridRule)
def test_a_visit_that_ends_inside_a_minute_frees_the_next_whole_one(rule: GridRule) -> None:
    asked = query("09:00-09:40", duration_min=10, step_min=1, grid=rule, visits=(visit("09:00-09:28:30"),))
    assert labels(asked) == "09:29 09:30"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [(DAY_RULE, "00:30 01:30"), (GAP, "00:30 01:30"), (ROUND, "00:00 01:00"), (OPTIMIZED, "00:30 01:30")],
)
def test_a_run_that_began_yesterday_keeps_its_grid(rule: GridRule, expected: str) -> None:
    asked = query("00:00-02:30 22:30-24:00", grid=rule)
    assert labels(asked).split("22:")[0].split("23:")[0].strip() == expected


@pytest.mark.parametrize("rule", GridRule)
def test_a_master_who_never_closes_begins_a_grid_at_each_midnight(rule: GridRule) -> None:
    assert labels(query("00:00-24:00", step_min=50, grid=rule)).split()[:3] == ["00:00", "00:50", "01:40"]


def test_a_gap_that_began_yesterday_keeps_its_grid() -> None:
    yesterday = date(2026, 11, 23)
    asked = query("00:00-24:00", grid=GAP, visits=(visit("22:00-22:50", yesterday),))
    assert labels(asked, DAY).split()[:2] == ["00:50", "01:50"]
