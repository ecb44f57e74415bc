"""Short ways to ask the engine in tests."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from functions.booking.slots import (
    Availability,
    BookedVisit,
    Interval,
    Rules,
    Service,
    SlotQuery,
    WorkingHours,
    interval,
)

DAY = date(2026, 11, 24)
"""A Tuesday."""


def intervals(text: str) -> tuple[Interval, ...]:
    """Intervals written as "09:00-12:00 13:00-18:00"."""
    return tuple(interval(*each.split("-")) for each in text.split())


def hours(text: str, zone: str = "UTC", **others: Any) -> WorkingHours:
    """The same hours on each weekday."""
    return WorkingHours(ZoneInfo(zone), (intervals(text),) * 7, **others)


def at(label: str, day: date = DAY, zone: str = "UTC") -> datetime:
    """The moment of a local label of the day, in UTC; "24:00" is the next midnight."""
    local = datetime.fromisoformat(f"{day}T{label}").replace(tzinfo=ZoneInfo(zone))
    return local.astimezone(UTC)


def visit(span: str, day: date = DAY, **others: Any) -> BookedVisit:
    """A visit written as "10:00-11:00", in UTC."""
    start, end = span.split("-")
    return BookedVisit(at(start, day), at(end, day), **others)


def query(open_hours: WorkingHours | str = "09:00-12:00", **given: Any) -> SlotQuery:
    """A question; fields of the service and the rules are given by name next to those of the query itself."""
    found: dict[str, dict[str, Any]] = {"service": {"duration_min": 60, "step_min": 60}, "rules": {}, "query": {}}
    for name, value in given.items():
        owner = next((key for key, kind in (("service", Service), ("rules", Rules)) if name in kind.__slots__), "query")
        found[owner][name] = value
    known = hours(open_hours) if isinstance(open_hours, str) else open_hours
    found["query"].setdefault("now", datetime(2020, 1, 1, tzinfo=UTC))
    return SlotQuery(hours=known, service=Service(**found["service"]), rules=Rules(**found["rules"]), **found["query"])


def labels(asked: SlotQuery, day: date = DAY) -> str:
    """Free starts of the day as local labels in one line."""
    return " ".join(f"{start.astimezone(asked.hours.zone):%H:%M}" for start in Availability(asked).free_starts(day))
