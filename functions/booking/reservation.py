"""Taking and freeing time: which days change, decided from the days as they were read. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from functions.booking import slots
from functions.booking.models import Booking, Day, Hours, Master, Place, Service, Visit

ONE_DAY = timedelta(days=1)


def availability(
    master: Master, service: Service, place: Place, days: Iterable[Day], now: datetime
) -> slots.Availability:
    """What is free for a service at a place, given what the master's days hold."""
    rules = master.catalogue.rules
    return slots.Availability(
        slots.SlotQuery(
            hours=_hours(place),
            service=slots.Service(
                duration_min=service.duration_min,
                step_min=rules.step_min,
                id=service.key,
                buffer_before_min=rules.buffer_before_min,
                buffer_after_min=rules.buffer_after_min,
            ),
            now=now,
            rules=slots.Rules(
                min_notice_min=rules.min_notice_min,
                horizon_days=rules.horizon_days,
                max_visits_per_day=rules.visits_per_day,
                grid=rules.grid,
            ),
            visits=tuple(_booked(visit) for visit in visits_of(days)),
        )
    )


def visits_of(days: Iterable[Day]) -> list[Visit]:
    """Each visit once: one that touches two days stands in both."""
    return list({visit.booking_id: visit for day in days for visit in day.visits}.values())


def dates_around(start: datetime, end: datetime, zone: str) -> tuple[date, date]:
    """The first and last of the master's dates that decide about a period: those it touches and one on each side."""
    local = ZoneInfo(zone)
    return start.astimezone(local).date() - ONE_DAY, end.astimezone(local).date() + ONE_DAY


def visit_of(booking: Booking) -> Visit:
    """The time that a booking takes."""
    return Visit(
        booking_id=booking.id,
        start=booking.start,
        end=booking.end,
        service_key=booking.service_key,
        buffer_before_min=booking.buffer_before_min,
        buffer_after_min=booking.buffer_after_min,
    )


def taken(days: Sequence[Day], booking: Booking, zone: str) -> list[Day]:
    """The days as they are once the booking stands in them.

    Shape: every date that the visit touches with its buffers, so that two visits that cannot both be meet in one of
    them.
    """
    visit = visit_of(booking)
    known = {day.date: day for day in days}
    changed = [known.get(when, Day(date=when)) for when in _touched(visit, zone)]
    return [day.model_copy(update={"visits": (*day.visits, visit)}) for day in changed]


def freed(days: Sequence[Day], booking: Booking) -> list[Day]:
    """The days that held the booking, without it."""
    return [
        day.model_copy(update={"visits": tuple(visit for visit in day.visits if visit.booking_id != booking.id)})
        for day in days
        if any(visit.booking_id == booking.id for visit in day.visits)
    ]


def _touched(visit: Visit, zone: str) -> list[date]:
    local = ZoneInfo(zone)
    begin = (visit.start - timedelta(minutes=visit.buffer_before_min)).astimezone(local).date()
    end = (visit.end + timedelta(minutes=visit.buffer_after_min) - timedelta(microseconds=1)).astimezone(local).date()
    return [begin + timedelta(days=offset) for offset in range((end - begin).days + 1)]


def _hours(place: Place) -> slots.WorkingHours:
    return slots.WorkingHours(
        zone=ZoneInfo(place.zone),
        weekly=tuple(_intervals(day) for day in place.weekly),
        overrides={when: _intervals(day) for when, day in place.overrides.items()},
    )


def _intervals(day: Hours) -> tuple[slots.Interval, ...]:
    return tuple((slots.minute_of_day(opens), slots.minute_of_day(closes)) for opens, closes in day)


def _booked(visit: Visit) -> slots.BookedVisit:
    return slots.BookedVisit(
        start=visit.start,
        end=visit.end,
        id=visit.booking_id,
        service_id=visit.service_key,
        buffer_before_min=visit.buffer_before_min,
        buffer_after_min=visit.buffer_after_min,
    )
