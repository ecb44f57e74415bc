"""Checks of a file of slot cases: free starts by grid rule, conflict checks, races."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from functions.booking.slots import Availability, BookedVisit, GridRule, Rules, Service, SlotQuery, WorkingHours
from tests.cases.fields import Fields, MalformedCaseError, boolean, integer, items, text
from tests.cases.outcome import Outcome, Verdict, checked
from tests.cases.slot_format import EXPLANATIONS, Defaults, day, moment, periods, read_defaults, read_query, zone

RACE_TESTS = "see tests/functions/booking"
ALWAYS_OPEN = WorkingHours(ZoneInfo("UTC"), (((0, 1440),),) * 7)


def check(document: Any) -> Iterator[Outcome]:
    """Outcomes of all cases of a file, in its order; what is wrong with the file itself comes first."""
    try:
        fields = Fields("the file", document)
        defaults = read_defaults(fields)
        cases = fields.take("cases", items, [])
        conflicts = fields.take("conflict_checks", items, [])
        races = fields.take("race_cases", items, [])
    except MalformedCaseError as error:
        yield Outcome("the file", Verdict.FAILED, str(error))
        return
    fields.drop("about", "grid_rules")
    yield from _unknown(fields)
    for each in cases:
        yield _checked(each, partial(_case_problems, defaults))
    for each in conflicts:
        yield _checked(each, _conflict_problems)
    for each in races:
        yield Outcome(_name(each), Verdict.TOLD, RACE_TESTS)


def _unknown(fields: Fields) -> Iterator[Outcome]:
    try:
        fields.finish()
    except MalformedCaseError as error:
        yield Outcome("the file", Verdict.FAILED, str(error))


def _name(case: Any) -> str:
    return str(case.get("name", "without a name")) if isinstance(case, dict) else f"{case!r:.60}"


def _checked(case: Any, problems: Callable[[Fields], list[str]]) -> Outcome:
    try:
        return checked(_name(case), problems(Fields("case", case)))
    except MalformedCaseError as error:
        return Outcome(_name(case), Verdict.FAILED, str(error))


def _case_problems(defaults: Defaults, case: Fields) -> list[str]:
    query = read_query(case, defaults)
    asked = _Asked(case, query.hours.zone)
    expected = _Expected(case)
    case.drop(*EXPLANATIONS)
    case.finish()
    return asked.problems(query, expected)


class _Expected:
    """The answers of a case."""

    def __init__(self, case: Fields) -> None:
        self.by_grid: dict[GridRule, list[str]] = case.take("expected_by_grid", _labels_by_grid, {})
        self.own = case.take("expected", _labels, None)
        self.utc = case.take("expected_utc", _labels, None)
        self.for_viewer = case.take("expected_for_viewer", _labels, None)
        if not self.by_grid and self.own is None and self.utc is None:
            raise MalformedCaseError("case has no expected answer")


class _Asked:
    """The day a case asks for: the master's, or that of a viewer in another zone."""

    def __init__(self, case: Fields, master: ZoneInfo) -> None:
        self._master = master
        self._day = case.need("day", day)
        self._viewer = case.take("viewer_timezone", zone, None)
        self._viewer_day: date | None = case.take("viewer_day", day, None)
        if self._viewer_day and not self._viewer:
            raise MalformedCaseError("case has a viewer_day but no viewer_timezone")

    def problems(self, query: SlotQuery, expected: _Expected) -> list[str]:
        """Differences between the engine's answers and those of the case."""
        found: list[str] = []
        for grid, labels in expected.by_grid.items():
            starts = self._starts(replace(query, rules=replace(query.rules, grid=grid)), found)
            found += _difference(grid, labels, self._labels(starts, self._master))
        starts = self._starts(query, found)
        if expected.own is not None:
            found += _difference("expected", expected.own, self._labels(starts, self._master))
        if expected.utc is not None:
            utc = [moment(self._master, each) for each in expected.utc]
            found += _difference(
                "expected_utc", [f"{each:%FT%TZ}" for each in utc], [f"{each:%FT%TZ}" for each in starts]
            )
        if expected.for_viewer is not None:
            labels = self._labels(starts, self._viewer or self._master)
            found += _difference("expected_for_viewer", expected.for_viewer, labels)
        return found

    def _starts(self, query: SlotQuery, problems: list[str]) -> list[datetime]:
        availability = Availability(query)
        if self._viewer and self._viewer_day:
            midnight = datetime.combine(self._viewer_day, time(), self._viewer)
            return availability.free_starts_between(midnight, midnight + timedelta(days=1))
        starts = availability.free_starts(self._day)
        if not all(map(availability.is_free, starts)) or bool(starts) is not availability.has_free_start(self._day):
            problems.append(f"{query.rules.grid}: the engine disagrees with itself")
        return starts

    @staticmethod
    def _labels(starts: list[datetime], zone: ZoneInfo) -> list[str]:
        return [f"{start.astimezone(zone):%H:%M}" for start in starts]


def _labels(given: Any) -> list[str]:
    return [text(each) for each in items(given)]


def _labels_by_grid(given: dict[str, Any]) -> dict[GridRule, list[str]]:
    return {GridRule(name): _labels(labels) for name, labels in given.items()}


def _difference(what: str, expected: list[str], found: list[str]) -> list[str]:
    if expected == found:
        return []
    missing = " ".join((Counter(expected) - Counter(found)).elements())
    extra = " ".join((Counter(found) - Counter(expected)).elements())
    return [f"{what}: missing [{missing}], extra [{extra}]" if missing or extra else f"{what}: another order"]


def _conflict_problems(case: Fields) -> list[str]:
    when = partial(moment, ZoneInfo("UTC"))
    start = case.need("slot_start", when)
    service = Service(
        duration_min=case.need("duration_min", integer),
        step_min=1,
        id="group",
        buffer_before_min=case.take("buffer_before_min", integer, 0),
        buffer_after_min=case.take("buffer_after_min", integer, 0),
        seats=2,
    )
    busy = case.take("busy", partial(periods, when), ())
    open_group = case.take("open_group_start", when, None)
    expected = case.need("conflict", boolean)
    case.drop(*EXPLANATIONS)
    case.finish()
    visits = [BookedVisit(*period) for period in busy]
    if open_group == start:
        visits.append(BookedVisit(start, start + timedelta(minutes=service.duration_min), service_id=service.id))
    query = SlotQuery(ALWAYS_OPEN, service, start.astimezone(UTC), Rules(empty_visits_block=True), tuple(visits))
    found = not Availability(query).fits(start)
    return [] if found is expected else [f"conflict: expected {expected}, found {found}"]
