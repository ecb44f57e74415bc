"""The free-slot engine: which starts a master can offer. Pure: no clock, no storage, stdlib only."""

from functions.booking.slots.engine import Availability, free_days, free_starts, is_free
from functions.booking.slots.hours import interval, minute_of_day
from functions.booking.slots.models import (
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
)

__all__ = [
    "Availability",
    "BookedVisit",
    "DayCount",
    "GridRule",
    "Hold",
    "Interval",
    "Period",
    "Rules",
    "SeatRule",
    "Service",
    "SlotQuery",
    "WeeklyIntervals",
    "WorkingHours",
    "free_days",
    "free_starts",
    "interval",
    "is_free",
    "minute_of_day",
]
