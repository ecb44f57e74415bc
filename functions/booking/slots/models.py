"""Values that the free-slot engine reads: when a master works, what is asked, what is already taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

Interval = tuple[int, int]
"""Minutes from local midnight, half-open; 1440 is the next midnight.

Work past midnight is two intervals that touch there; one whose close is not after its open holds no time at all.
"""

WeeklyIntervals = tuple[tuple[Interval, ...], ...]
"""Seven entries, Monday first."""

Period = tuple[datetime, datetime]
"""Aware moments, half-open."""

NO_INTERVALS: WeeklyIntervals = ((),) * 7


class GridRule(StrEnum):
    """Where the offered starts lie inside free time."""

    DAY = "day"
    """One grid from opening: labels stay the same whatever is booked."""
    GAP_OPTIMIZED = "gap_optimized"
    """Each gap has its own grid, rounded only where no visit is lost by it."""
    GAP = "gap"
    """Each gap has its own grid from its exact beginning."""
    GAP_ROUND = "gap_round"
    """Each gap has its own grid, its beginning rounded up in local time."""


class SeatRule(StrEnum):
    """How the places of a group service are counted."""

    SAME_START = "same_start"
    """A client joins a group visit only at its own start; any other overlap is refused."""
    OVERLAP = "overlap"
    """A visit may overlap others of its service while places remain at each moment."""


class DayCount(StrEnum):
    """Which days a horizon counts."""

    CALENDAR = "calendar"
    BUSINESS = "business"
    """Monday to Friday."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a master works, in his own zone.

    An override replaces the weekly hours of its date, an empty one closes it; breaks stand on such dates too.
    Closed dates win over everything.
    """

    zone: ZoneInfo
    weekly: WeeklyIntervals = NO_INTERVALS
    overrides: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    breaks: WeeklyIntervals = NO_INTERVALS
    breaks_by_date: Mapping[date, tuple[Interval, ...]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Service:
    """What a client asks for.

    The offset shifts the grid and lengthens the step by itself.
    Raises: ValueError when a length is not positive or a buffer is negative.
    Source: github.com/calcom/cal.com packages/features/schedules/lib/slots.ts, read 2026-11-20 (the offset).
    """

    duration_min: int
    step_min: int
    id: str = ""
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    start_offset_min: int = 0
    seats: int = 1
    seat_rule: SeatRule = SeatRule.SAME_START

    def __post_init__(self) -> None:
        if min(self.duration_min, self.step_min, self.seats) < 1:
            raise ValueError("duration, step and seats start at 1")
        if min(self.buffer_before_min, self.buffer_after_min, self.start_offset_min) < 0:
            raise ValueError("buffers and the offset are not negative")


@dataclass(frozen=True, slots=True)
class BookedVisit:
    """A visit that stands, with its own buffers; the caller leaves out what no longer blocks.

    The `id` is asked only of a visit being moved, the `service_id` only where places are counted.
    """

    start: datetime
    end: datetime
    id: str = ""
    service_id: str = ""
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    seats_taken: int = 1


@dataclass(frozen=True, slots=True)
class Hold:
    """Time kept for a client while he decides; it blocks others until `expires`."""

    start: datetime
    end: datetime
    by: str
    expires: datetime
    service_id: str = ""
    buffer_before_min: int = 0
    buffer_after_min: int = 0
    seats_taken: int = 1


@dataclass(frozen=True, slots=True)
class Rules:
    """A master's rules of booking.

    The limits count visits that stand, of all services, by the local day they start on. A start is refused when the
    visit would exceed either limit.
    """

    min_notice_min: int = 0
    horizon_days: int | None = None
    horizon_count: DayCount = DayCount.CALENDAR
    max_visits_per_day: int | None = None
    max_minutes_per_day: int | None = None
    grid: GridRule = GridRule.DAY
    buffers_apply_to_time_off: bool = False
    empty_visits_block: bool = False
    """Whether a visit without length still parts the time before it from the time after it."""


@dataclass(frozen=True, slots=True, eq=False)
class SlotQuery:
    """One question to the engine: everything that decides which starts are free, `now` included.

    It is never changed: what is prepared for one query answers all calls with that same object.
    """

    hours: WorkingHours
    service: Service
    now: datetime
    rules: Rules = Rules()
    visits: tuple[BookedVisit, ...] = ()
    time_off: tuple[Period, ...] = ()
    holds: tuple[Hold, ...] = ()
    client_id: str | None = None
    """Whose own holds do not block."""
    moving_visit_id: str | None = None
    """The visit being moved: it neither blocks nor counts."""
