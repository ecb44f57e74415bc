"""The runner of slot cases: what it reads, what it reports."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from functions.booking.slots import GridRule
from tests.cases.__main__ import main
from tests.cases.outcome import Verdict
from tests.cases.slots import check

WEEK = {name: [["09:00", "12:00"]] for name in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}

CASE: dict[str, Any] = {
    "name": "a morning",
    "source": "own",
    "timezone": "Asia/Kathmandu",
    "schedule": {"weekly": WEEK},
    "service": {"duration_min": 60, "step_min": 60},
    "day": "2026-11-24",
    "now": "2026-11-20T08:00:00Z",
    "grid": "day",
    "expected": ["09:00", "10:00", "11:00"],
    "expected_by_grid": {grid.value: ["09:00", "10:00", "11:00"] for grid in GridRule},
    "expected_utc": ["2026-11-24T03:15:00Z", "2026-11-24T04:15:00Z", "2026-11-24T05:15:00Z"],
}


def case(only: str | None = None, **changes: Any) -> dict[str, Any]:
    """The morning with changes; `only` is the answer of the day grid, when no other is asked."""
    found = copy.deepcopy(CASE) | changes
    if only is not None:
        del found["expected_by_grid"], found["expected_utc"]
        found["expected"] = only.split()
    return found


def verdict(*cases: dict[str, Any], **others: Any) -> tuple[Verdict, str]:
    """Verdict and text of the last outcome."""
    *_, found = check({"cases": list(cases), **others})
    return found.verdict, found.text


PASSED = (Verdict.PASSED, "")


def test_a_right_case_passes_with_all_its_answers() -> None:
    assert verdict(case()) == PASSED


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("expected", ["09:00", "10:00"], "expected: missing [], extra [11:00]"),
        ("expected", ["11:00", "10:00", "09:00"], "expected: another order"),
        ("expected_by_grid", {"gap": ["08:00"]}, "gap: missing [08:00], extra [09:00 10:00 11:00]"),
        ("expected_utc", ["2026-11-24T03:15:00Z"], "extra [2026-11-24T04:15:00Z 2026-11-24T05:15:00Z]"),
        ("expected_for_viewer", ["09:00"], "expected_for_viewer: missing [], extra [10:00 11:00]"),
    ],
)
def test_each_wrong_answer_is_told_with_its_difference(field: str, value: Any, text: str) -> None:
    found, told = verdict(case(**{field: value}))
    assert found is Verdict.FAILED
    assert text in told


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"colour": "red"}, "case has unknown fields: colour"),
        ({"schedule": {"weekly": WEEK, "weakly": {}}}, "schedule has unknown fields: weakly"),
        ({"schedule": {"weekly": {"monday": []}}}, "weekly has unknown fields: monday"),
        ({"schedule": {"weekly": {"mon": [["9", "12:00"]]}}}, "weekly.mon cannot be read"),
        ({"schedule": []}, "schedule is not an object"),
        ({"service": {"duration_min": 60, "price": 1}}, "service has unknown fields: price"),
        ({"service": {"step_min": 60}}, "service has no field 'duration_min'"),
        ({"service": {"duration_min": 0}}, "case.service cannot be read"),
        ({"service": {"duration_min": "60"}}, "service.duration_min cannot be read"),
        ({"service": {"duration_min": True}}, "service.duration_min cannot be read"),
        ({"bookings": [{"start": "2026-11-24T09:00"}]}, "booking has no field 'end'"),
        ({"bookings": [{"start": "soon", "end": "2026-11-24T09:00"}]}, "booking.start cannot be read"),
        ({"bookings": {}}, "case.bookings cannot be read"),
        (
            {"holds": [{"start": "2026-11-24T09:00", "end": "2026-11-24T10:00", "by": "x"}]},
            "hold has no field 'expires'",
        ),
        ({"time_off": [["2026-11-24T09:00"]]}, "case.time_off cannot be read"),
        ({"horizon": {"days": 2, "count": "lunar"}}, "horizon.count cannot be read"),
        ({"limits_per_day": {"guests": 3}}, "limits_per_day has unknown fields: guests"),
        ({"timezone": "Mars/Olympus"}, "case.timezone cannot be read"),
        ({"day": "tomorrow"}, "case.day cannot be read"),
        ({"grid": "hexagonal"}, "case.grid cannot be read"),
        ({"expected_by_grid": {"hexagonal": []}}, "case.expected_by_grid cannot be read"),
        ({"buffers_apply_to_time_off": "yes"}, "case.buffers_apply_to_time_off cannot be read"),
        ({"viewer_day": "2026-11-24"}, "case has a viewer_day but no viewer_timezone"),
        ({"now": None}, "case.now cannot be read"),
    ],
)
def test_a_malformed_case_is_one_clear_failure(changes: dict[str, Any], text: str) -> None:
    found, told = verdict(case(**changes))
    assert found is Verdict.FAILED
    assert text in told


def test_a_case_that_expects_nothing_is_malformed() -> None:
    asked = case("")
    del asked["expected"]
    assert verdict(asked) == (Verdict.FAILED, "case has no expected answer")


@pytest.mark.parametrize("document", [[], "cases", {"cases": {}}, {"casses": []}, {"defaults": 3}])
def test_a_file_of_another_form_is_one_failure(document: Any) -> None:
    (found,) = check(document)
    assert found.verdict is Verdict.FAILED


def test_unknown_fields_of_the_file_do_not_hide_its_cases() -> None:
    first, second = check({"cases": [case()], "colour": "red"})
    assert (first.verdict, first.text) == (Verdict.FAILED, "the file has unknown fields: colour")
    assert second.verdict is Verdict.PASSED


def test_a_case_that_is_no_object_is_one_failure() -> None:
    assert verdict("a morning") == (Verdict.FAILED, "case is not an object")  # type: ignore[arg-type]


BUSY = {"start": "2026-11-24T10:00", "end": "2026-11-24T11:00"}


@pytest.mark.parametrize(
    ("expected", "changes"),
    [
        ("09:00 11:00", {"bookings": [BUSY]}),
        (
            "09:00 11:00",
            {"bookings": [{"start": "2026-11-24T04:15Z", "end": "2026-11-24T05:15Z", "status": "ACCEPTED"}]},
        ),
        ("09:00 10:00 11:00", {"bookings": [BUSY | {"status": "pending"}]}),
        ("09:00 10:00 11:00", {"bookings": [BUSY | {"id": "a"}], "moving_booking_id": "a"}),
        ("09:00", {"bookings": [BUSY | {"buffer_after_min": 10}]}),
        ("11:00", {"bookings": [BUSY], "service": {"duration_min": 60, "buffer_after_min": 1}}),
        ("09:00", {"bookings": [BUSY], "service": {"duration_min": 60, "buffer_before_min": 1}}),
        ("09:00 10:00 11:00", {"bookings": [BUSY | {"seats_taken": 1}], "service": {"duration_min": 60, "seats": 2}}),
        ("09:00 11:00", {"bookings": [BUSY | {"seats_taken": 2}], "service": {"duration_min": 60, "seats": 2}}),
        ("09:00 11:00", {"bookings": [BUSY | {"service": "x"}], "service": {"duration_min": 60, "seats": 2}}),
        ("09:00 11:00", {"time_off": [["2026-11-24T10:00", "2026-11-24T11:00"]]}),
        ("09:00 11:00", {"time_off": [{"start": "2026-11-24T10:00", "end": "2026-11-24T11:00"}]}),
        ("", {"time_off": [["2026-11-24", "2026-11-24T24:00"]]}),
        ("", {"holidays": ["2026-11-24"]}),
        ("", {"holidays": [{"date": "2026-11-24"}]}),
        ("", {"schedule": {"weekly": WEEK, "days_off": ["2026-11-24"]}}),
        ("09:00 11:00", {"schedule": {"weekly": WEEK, "breaks": [["10:00", "11:00"]]}}),
        ("09:00 11:00", {"schedule": {"weekly": WEEK, "breaks": {"tue": [["10:00", "11:00"]]}}}),
        ("09:00 10:00 11:00", {"schedule": {"weekly": WEEK, "breaks": {"mon": [["10:00", "11:00"]]}}}),
        ("09:00 11:00", {"schedule": {"weekly": WEEK, "breaks": {"2026-11-24": [["10:00", "11:00"]]}}}),
        ("14:00", {"schedule": {"weekly": WEEK, "overrides": {"2026-11-24": [["14:00", "15:00"]]}}}),
        ("", {"schedule": {"weekly": WEEK, "overrides": {"2026-11-24": []}}}),
        ("09:05 10:10", {"service": {"duration_min": 60, "start_offset_min": 5}}),
        ("10:00 11:00", {"now": "2026-11-24T09:00", "min_notice_min": 60}),
        ("09:00 10:00 11:00", {"horizon": {"days": 4}}),
        ("", {"horizon": {"days": 3, "count": "calendar"}}),
        ("", {"horizon": {"days": 1, "count": "business"}}),
        ("09:00 10:00 11:00", {"horizon": {"days": 2, "count": "business"}}),
        ("", {"limits_per_day": {"bookings": 1}, "bookings": [BUSY]}),
        ("", {"limits_per_day": {"minutes": 100}, "bookings": [BUSY]}),
        (
            "09:00 10:00 11:00",
            {"asking_client": None, "viewer_timezone": "UTC", "expected_for_viewer": ["03:15", "04:15", "05:15"]},
        ),
    ],
)
def test_each_field_of_the_format_reaches_the_engine(expected: str, changes: dict[str, Any]) -> None:
    assert verdict(case(expected, **changes)) == PASSED


@pytest.mark.parametrize(
    ("client", "expires", "expected"),
    [("me", "08:30", "09:00 11:00"), ("me", "08:00", "09:00 10:00 11:00"), ("other", "08:30", "09:00 10:00 11:00")],
)
def test_holds_reach_the_engine(client: str, expires: str, expected: str) -> None:
    hold = BUSY | {"by": "other", "expires": f"2026-11-24T{expires}", "service": "x"}
    assert verdict(case(expected, holds=[hold], asking_client=client, now="2026-11-24T08:00")) == PASSED


def test_a_viewers_day_is_put_together_from_the_masters_days() -> None:
    evening = {name: [["22:00", "24:00"]] for name in WEEK}
    asked = case(
        "23:00 22:00",
        timezone="Europe/Lisbon",
        schedule={"weekly": evening},
        viewer_timezone="Europe/Madrid",
        viewer_day="2026-11-25",
        expected_for_viewer=["00:00", "23:00"],
    )
    assert verdict(asked) == PASSED


def test_defaults_of_the_file_hold_for_its_cases() -> None:
    asked = case("11:00", now="2026-11-24T09:00", bookings=[BUSY | {"status": "pending"}])
    assert verdict(asked, defaults={"min_notice_min": 60, "blocking_statuses": ["Pending"]}) == PASSED


def conflict(busy: list[str], **changes: Any) -> dict[str, Any]:
    """A check of the half hour from nine."""
    spans = [[f"2026-11-24T{part}Z" for part in each.split("-")] for each in busy]
    return {
        "name": "nine",
        "slot_start": "2026-11-24T09:00Z",
        "duration_min": 30,
        "busy": spans,
        "conflict": True,
    } | changes


@pytest.mark.parametrize(
    ("busy", "expected"),
    [
        (["09:00-09:15"], True),
        (["09:15-09:15"], True),
        (["09:00-09:00"], False),
        (["08:30-09:00", "09:30-10:00"], False),
        (["08:00-08:30", "09:29:59-10:00"], True),
        ([], False),
    ],
)
def test_conflict_checks_are_run(busy: list[str], *, expected: bool) -> None:
    given = conflict(busy)
    assert verdict(conflict_checks=[given | {"conflict": expected}]) == PASSED
    found, text = verdict(conflict_checks=[given | {"conflict": not expected}])
    assert found is Verdict.FAILED
    assert text == f"conflict: expected {not expected}, found {expected}"


@pytest.mark.parametrize(("group", "expected"), [("09:00", False), ("08:00", True)])
def test_a_group_open_at_that_very_start_is_no_conflict(group: str, *, expected: bool) -> None:
    given = conflict(["09:15-09:45"], open_group_start=f"2026-11-24T{group}Z", conflict=expected)
    assert verdict(conflict_checks=[given]) == PASSED


def test_races_are_listed_and_not_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": [case()], "race_cases": [{"name": "two at once", "do": "x", "expect": "y"}]}))
    assert main(["slots", str(path)]) == 0
    first, last = capsys.readouterr().out.splitlines()
    assert first.startswith("told in words: two at once: see tests/functions/booking")
    assert last == "1 passed, 0 failed"


def test_a_failure_is_one_line_and_the_exit_status(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "cases.json"
    path.write_text(json.dumps({"cases": [case(), case("09:00"), case(colour="red")]}))
    assert main(["slots", str(path)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "failed: a morning: expected: missing [], extra [10:00 11:00]",
        "failed: a morning: case has unknown fields: colour",
        "1 passed, 2 failed",
    ]


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", None])
def test_a_file_that_cannot_be_read_is_one_failure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "cases.json"
    if content is not None:
        path.write_bytes(content)
    assert main(["slots", str(path)]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == "0 passed, 1 failed"


@pytest.mark.parametrize("arguments", [[], ["slots"], ["horoscopes", "x"], ["slots", "a", "b"]])
def test_a_wrong_call_is_told_how_to_ask(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    assert capsys.readouterr().err.startswith("usage: python -m tests.cases {slots")
