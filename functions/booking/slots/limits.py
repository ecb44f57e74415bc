"""Rules that close whole local days: how far ahead, and how much a day."""

from bisect import bisect_left
from datetime import date, timedelta
from itertools import accumulate

from functions.booking.slots.busy import counted_visits
from functions.booking.slots.models import DayCount, SlotQuery
from functions.booking.slots.seconds import MINUTE_S, epoch_s, epoch_s_up

SATURDAY = 5


def last_day(query: SlotQuery) -> date | None:
    """The last local date that may be booked, or None when there is no horizon."""
    days = query.rules.horizon_days
    if days is None:
        return None
    today = query.now.astimezone(query.hours.zone).date()
    if query.rules.horizon_count is DayCount.CALENDAR:
        return today + timedelta(days=days)
    while days > 0:
        today += timedelta(days=1)
        days -= today.weekday() < SATURDAY
    return today


class DayLimits:
    """How much a local day may still take."""

    __slots__ = ("_lengths_s", "_max_s", "_max_visits", "_starts", "is_set")

    def __init__(self, query: SlotQuery) -> None:
        rules = query.rules
        self.is_set = rules.max_visits_per_day is not None or rules.max_minutes_per_day is not None
        self._max_visits = rules.max_visits_per_day
        self._max_s: int | None = None
        if rules.max_minutes_per_day is not None:
            self._max_s = (rules.max_minutes_per_day - query.service.duration_min) * MINUTE_S
        visits = sorted(_counted_lengths(query)) if self.is_set else []
        self._starts = [start for start, _ in visits]
        self._lengths_s = list(accumulate((length_s for _, length_s in visits), initial=0))

    def has_room(self, midnight: int, next_midnight: int) -> bool:
        """Whether one more visit of the service fits the limits of the day between two midnights."""
        first, after = bisect_left(self._starts, midnight), bisect_left(self._starts, next_midnight)
        if self._max_visits is not None and after - first >= self._max_visits:
            return False
        return self._max_s is None or self._lengths_s[after] - self._lengths_s[first] <= self._max_s


def _counted_lengths(query: SlotQuery) -> list[tuple[int, int]]:
    """Start and length of each visit; the places of one group visit are one visit."""
    groups: dict[int, int] = {}
    single: list[tuple[int, int]] = []
    for visit in counted_visits(query):
        start = epoch_s(visit.start)
        length_s = epoch_s_up(visit.end) - start
        if query.service.seats > 1 and visit.service_id == query.service.id:
            groups[start] = max(length_s, groups.get(start, 0))
        else:
            single.append((start, length_s))
    return single + list(groups.items())
