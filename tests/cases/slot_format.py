"""Slot cases read into the engine's values."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from functions.booking.slots import (
    BookedVisit,
    DayCount,
    GridRule,
    Hold,
    Interval,
    Period,
    Rules,
    SeatRule,
    Service,
    SlotQuery,
    WeeklyIntervals,
    WorkingHours,
    interval,
)
from tests.cases.fields import Fields, boolean, integer, items, text

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ASKED = "asked"
EXPLANATIONS = ("name", "source", "basis", "note", "notes", "comment", "same_in_all_grids")

ByDate = dict[date, tuple[Interval, ...]]
Moment = Callable[[Any], datetime]


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a file says for all its cases."""

    blocking_statuses: frozenset[str] = frozenset({"accepted"})
    min_notice_min: int = 0


def read_defaults(document: Fields) -> Defaults:
    """The defaults of a whole file; its texts only explain."""
    given = document.take("defaults", partial(Fields, "defaults"), Fields("defaults", {}))
    return Defaults(
        given.take("blocking_statuses", _texts, frozenset({"accepted"})), given.take("min_notice_min", integer, 0)
    )


def zone(given: Any) -> ZoneInfo:
    """A zone by its name."""
    return ZoneInfo(text(given))


def moment(local: ZoneInfo, given: Any) -> datetime:
    """An aware moment in UTC; a time without a zone is local, a bare date its midnight."""
    written = text(given)
    next_day = timedelta(days="T24:00" in written)
    found = datetime.fromisoformat(written.replace("T24:00", "T00:00")) + next_day
    return (found if found.tzinfo else found.replace(tzinfo=local)).astimezone(UTC)


def day(given: Any) -> date:
    """A calendar date."""
    return date.fromisoformat(text(given))


def read_query(case: Fields, defaults: Defaults) -> SlotQuery:
    """Everything of a case that is asked; its answers stay in the fields."""
    hours = _hours(case)
    when = partial(moment, hours.zone)
    return SlotQuery(
        hours=hours,
        service=case.need("service", _service),
        now=case.need("now", when),
        rules=_rules(case, defaults),
        visits=case.take("bookings", partial(_visits, when, defaults), ()),
        time_off=case.take("time_off", partial(periods, when), ()),
        holds=case.take("holds", partial(_holds, when), ()),
        client_id=case.take("asking_client", text, None),
        moving_visit_id=case.take("moving_booking_id", text, None),
    )


def periods(when: Moment, given: Any) -> tuple[Period, ...]:
    """Spans written as [start, end] or as an object with both."""
    return tuple(_pair(each, when) for each in items(given))


def _pair(given: Any, read: Callable[[Any], Any]) -> tuple[Any, Any]:
    if isinstance(given, dict):
        span = Fields("span", given)
        found = span.need("start", read), span.need("end", read)
        span.finish()
        return found
    start, end = items(given)
    return read(start), read(end)


def _texts(given: Any) -> frozenset[str]:
    return frozenset(text(each).lower() for each in items(given))


def _intervals(given: Any) -> tuple[Interval, ...]:
    return tuple(interval(*_pair(each, text)) for each in items(given))


def _weekly(given: Any) -> WeeklyIntervals:
    week = Fields("weekly", given)
    found = tuple(week.take(name, _intervals, ()) for name in WEEKDAYS)
    week.finish()
    return found


def _by_date(given: dict[str, Any]) -> ByDate:
    return {day(each): _intervals(intervals) for each, intervals in given.items()}


def _breaks(given: Any) -> tuple[WeeklyIntervals, ByDate]:
    """Breaks of each day (a list), or by weekday and date (an object)."""
    if isinstance(given, list):
        return (_intervals(given),) * len(WEEKDAYS), {}
    weekly = {name: value for name, value in given.items() if name in WEEKDAYS}
    return _weekly(weekly), _by_date({name: value for name, value in given.items() if name not in WEEKDAYS})


def _closed(given: Any) -> frozenset[date]:
    return frozenset(day(each["date"] if isinstance(each, dict) else each) for each in items(given))


def _hours(case: Fields) -> WorkingHours:
    schedule = case.need("schedule", partial(Fields, "schedule"))
    nothing: WeeklyIntervals = ((),) * len(WEEKDAYS)
    no_breaks: tuple[WeeklyIntervals, ByDate] = (nothing, {})
    breaks, breaks_by_date = schedule.take("breaks", _breaks, no_breaks)
    found = WorkingHours(
        zone=case.need("timezone", zone),
        weekly=schedule.take("weekly", _weekly, nothing),
        overrides=schedule.take("overrides", _by_date, {}),
        breaks=breaks,
        breaks_by_date=breaks_by_date,
        closed=case.take("holidays", _closed, frozenset()) | schedule.take("days_off", _closed, frozenset()),
    )
    schedule.finish()
    return found


def _service(given: Any) -> Service:
    service = Fields("service", given)
    service.drop("id", "name")
    duration_min = service.need("duration_min", integer)
    found = Service(
        duration_min=duration_min,
        step_min=service.take("step_min", integer, duration_min),
        id=ASKED,
        buffer_before_min=service.take("buffer_before_min", integer, 0),
        buffer_after_min=service.take("buffer_after_min", integer, 0),
        start_offset_min=service.take("start_offset_min", integer, 0),
        seats=service.take("seats", integer, 1),
        seat_rule=SeatRule.OVERLAP,
    )
    service.finish()
    return found


def _rules(case: Fields, defaults: Defaults) -> Rules:
    horizon = case.take("horizon", partial(Fields, "horizon"), Fields("horizon", {}))
    limits = case.take("limits_per_day", partial(Fields, "limits_per_day"), Fields("limits_per_day", {}))
    found = Rules(
        min_notice_min=case.take("min_notice_min", integer, defaults.min_notice_min),
        horizon_days=horizon.take("days", integer, None),
        horizon_count=horizon.take("count", DayCount, DayCount.CALENDAR),
        max_visits_per_day=limits.take("bookings", integer, None),
        max_minutes_per_day=limits.take("minutes", integer, None),
        grid=case.take("grid", GridRule, GridRule.DAY),
        buffers_apply_to_time_off=case.take("buffers_apply_to_time_off", boolean, default=False),
    )
    horizon.finish()
    limits.finish()
    return found


def _visits(when: Moment, defaults: Defaults, given: Any) -> tuple[BookedVisit, ...]:
    found: list[BookedVisit] = []
    for each in items(given):
        booking = Fields("booking", each)
        blocks = booking.take("status", text, "accepted").lower() in defaults.blocking_statuses
        visit = BookedVisit(
            start=booking.need("start", when),
            end=booking.need("end", when),
            id=booking.take("id", text, ""),
            service_id=booking.take("service", text, ASKED),
            buffer_before_min=booking.take("buffer_before_min", integer, 0),
            buffer_after_min=booking.take("buffer_after_min", integer, 0),
            seats_taken=booking.take("seats_taken", integer, 1),
        )
        booking.drop("note")
        booking.finish()
        found += [visit] if blocks else []
    return tuple(found)


def _holds(when: Moment, given: Any) -> tuple[Hold, ...]:
    found: list[Hold] = []
    for each in items(given):
        hold = Fields("hold", each)
        found.append(
            Hold(
                start=hold.need("start", when),
                end=hold.need("end", when),
                by=hold.need("by", text),
                expires=hold.need("expires", when),
                service_id=hold.take("service", text, ASKED),
                buffer_before_min=hold.take("buffer_before_min", integer, 0),
                buffer_after_min=hold.take("buffer_after_min", integer, 0),
                seats_taken=hold.take("seats_taken", integer, 1),
            )
        )
        hold.drop("note")
        hold.finish()
    return tuple(found)
