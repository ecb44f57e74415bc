"""Free starts of a master's day.

Half-open time throughout: a visit may begin the moment another ends. Buffers of both visits are added between them, and
the buffer after a visit may run past closing. Answers depend on nothing but the query.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from functions.booking.slots.busy import BusyTime
from functions.booking.slots.grids import Grid
from functions.booking.slots.hours import ONE_DAY, LocalHours
from functions.booking.slots.limits import DayLimits, last_day
from functions.booking.slots.models import SlotQuery
from functions.booking.slots.seconds import MINUTE_S, epoch_s, utc, utc_all


class Availability:
    """The answer to one query, asked day by day; what all days share is worked out once."""

    __slots__ = ("_busy", "_duration_s", "_earliest", "_grid", "_hours", "_last_day", "_limits", "_query")

    def __init__(self, query: SlotQuery) -> None:
        self._query = query
        self._hours = LocalHours(query.hours)
        self._busy = BusyTime(query)
        self._grid = Grid(query.rules.grid, query.service, query.hours.zone)
        self._limits = DayLimits(query)
        self._last_day = last_day(query)
        self._duration_s = query.service.duration_min * MINUTE_S
        notice_ends = epoch_s(query.now) + query.rules.min_notice_min * MINUTE_S
        self._earliest = notice_ends - notice_ends % MINUTE_S

    def free_starts(self, day: date) -> list[datetime]:
        """Free starts of one local date of the master, ascending, in UTC."""
        starts = utc_all(self._grid_starts(day), self._grid.step_s, self._hours.bounds(day)[0])
        if self._busy.open_groups:
            starts = sorted({*starts, *map(utc, self._joinable(day))})
        return starts

    def free_starts_between(self, begin: datetime, end: datetime) -> list[datetime]:
        """Free starts in a half-open period, ascending: a day of a client in another zone, for one."""
        day = self._day_of(epoch_s(begin))
        starts: list[datetime] = []
        while self._hours.bounds(day)[0] < epoch_s(end):
            starts += [start for start in self.free_starts(day) if begin <= start < end]
            day += ONE_DAY
        return starts

    def free_days(self, first: date, count: int, limit: int | None = None) -> list[date]:
        """Those of `count` local dates that have a free start, at most `limit` of them."""
        days: list[date] = []
        for offset in range(count):
            day = first + timedelta(days=offset)
            if self.has_free_start(day):
                days.append(day)
                if len(days) == limit:
                    break
        return days

    def has_free_start(self, day: date) -> bool:
        """Whether the local date has a free start; stops at the first."""
        return any(self._grid_starts(day)) or bool(self._busy.open_groups and self._joinable(day))

    def is_free(self, start: datetime) -> bool:
        """Whether `free_starts` offers exactly this start."""
        return start in self.free_starts(self._day_of(epoch_s(start)))

    def fits(self, start: datetime) -> bool:
        """Whether a visit may begin then, on the grid or off it: a button drawn earlier, or the master's own hand."""
        second = epoch_s(start)
        day = self._day_of(second)
        if not self._is_open(day) or second < self._earliest or start.microsecond:
            return False
        if second in self._joinable(day):
            return True
        return self._has_room(day) and self._is_worked(day, second) and self._is_unblocked(second)

    def _grid_starts(self, day: date) -> Iterator[range]:
        """Non-empty ranges of free starts, ascending."""
        if not self._is_open(day) or not self._has_room(day):
            return iter(())
        midnight, stop, runs = self._hours.plan(day, self._duration_s)
        found = self._grid.starts(self._busy.gaps(runs), self._earliest)
        if runs and (runs[0][0] < midnight or runs[-1][1] > stop):
            return filter(None, (self._grid.within(starts, midnight, stop) for starts in found))
        return found

    def _joinable(self, day: date) -> list[int]:
        """Starts of standing group visits of the day that have places left.

        Joining takes no time that is not taken already, so only hours, notice and time off are asked.
        """
        if not self._is_open(day):
            return []
        midnight, stop = self._hours.bounds(day)
        return [
            start
            for start, end in self._busy.open_groups.items()
            if max(midnight, self._earliest) <= start < stop
            and start + self._duration_s <= end
            and self._is_worked(day, start)
            and not any(begin < start + self._duration_s and start < over for begin, over in self._busy.time_off)
        ]

    def _is_open(self, day: date) -> bool:
        return self._last_day is None or day <= self._last_day

    def _has_room(self, day: date) -> bool:
        if not self._limits.is_set:
            return True
        return self._limits.has_room(*self._hours.bounds(day))

    def _is_worked(self, day: date, start: int) -> bool:
        end = start + self._duration_s
        _, _, runs = self._hours.plan(day, self._duration_s)
        return any(begin <= start and end <= over for begin, over, _ in runs)

    def _is_unblocked(self, start: int) -> bool:
        return self._busy.is_free(start, start + self._duration_s)

    def _day_of(self, second: int) -> date:
        """The local date whose midnights enclose a moment: the later one where a clock was set back over midnight."""
        day = datetime.fromtimestamp(second, self._query.hours.zone).date()
        _, stop = self._hours.bounds(day)
        return day if second < stop else day + ONE_DAY


@lru_cache(maxsize=8)
def availability(query: SlotQuery) -> Availability:
    """What is prepared for this very query, kept while the same few are asked."""
    return Availability(query)


def free_starts(day: date, query: SlotQuery) -> list[datetime]:
    """Free starts of one local date of the master, ascending, in UTC."""
    return availability(query).free_starts(day)


def free_days(first: date, count: int, query: SlotQuery, limit: int | None = None) -> list[date]:
    """Those of `count` local dates from `first` that have a free start, at most `limit` of them."""
    return availability(query).free_days(first, count, limit)


def is_free(start: datetime, query: SlotQuery) -> bool:
    """Whether `free_starts` would offer exactly this start: the check when a client confirms."""
    return availability(query).is_free(start)
