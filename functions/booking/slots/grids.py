"""Four rules that say where starts lie inside free time."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from functions.booking.slots.busy import Gap
from functions.booking.slots.models import GridRule, Service
from functions.booking.slots.seconds import MINUTE_S, minute_up

ROUND_UNITS_MIN = (60, 30, 20, 15, 10, 5)
FirstStart = Callable[[Gap, int], int]


class Grid:
    """Starts of one service inside the gaps of a working run."""

    __slots__ = ("_duration_s", "_first", "_keeps_step", "_offset_s", "_unit_min", "_zone", "step_s")

    def __init__(self, rule: GridRule, service: Service, zone: ZoneInfo) -> None:
        self._zone = zone
        self._offset_s = service.start_offset_min * MINUTE_S
        self.step_s = service.step_min * MINUTE_S + self._offset_s
        self._duration_s = service.duration_min * MINUTE_S
        self._unit_min = next((unit for unit in ROUND_UNITS_MIN if service.step_min % unit == 0), 1)
        self._keeps_step = rule in {GridRule.GAP_ROUND, GridRule.GAP_OPTIMIZED}
        rules: dict[GridRule, FirstStart] = {
            GridRule.GAP: self._first_of_gap,
            GridRule.GAP_ROUND: self._first_rounded,
            GridRule.GAP_OPTIMIZED: self._first_optimized,
        }
        self._first = rules.get(rule)

    def starts(self, gaps: Iterable[Gap], earliest: int) -> Iterator[range]:
        """Starts inside ascending gaps, none before `earliest`; only of gaps that have any."""
        return self._on_day_grid(gaps, earliest) if self._first is None else self._by_gap(gaps, earliest, self._first)

    def _on_day_grid(self, gaps: Iterable[Gap], earliest: int) -> Iterator[range]:
        step_s, offset_s, need_s = self.step_s, self._offset_s, self._duration_s - 1
        for anchor, begin, end in gaps:
            bound = begin if begin > earliest else earliest  # noqa: FURB136
            first = bound + (anchor + offset_s - bound) % step_s
            if first + need_s < end:
                yield range(first, end - need_s, step_s)

    def _by_gap(self, gaps: Iterable[Gap], earliest: int, first_of: FirstStart) -> Iterator[range]:
        """The rounding rules also keep a whole step from the start before, even across a gap.

        Source: github.com/calcom/cal.com packages/features/schedules/lib/slots.ts, read 2026-11-20.
        """
        next_start = earliest
        for gap in gaps:
            first = first_of(gap, earliest)
            if self._keeps_step:
                first = max(first, next_start)
            starts = range(first, gap[2] - self._duration_s + 1, self.step_s)
            if starts:
                yield starts
                next_start = starts[-1] + self.step_s

    def within(self, starts: range, begin: int, end: int) -> range:
        """Those of the starts that lie in a half-open span."""
        return range(self._advanced(starts.start, begin), min(starts.stop, end), starts.step)

    def _advanced(self, first: int, bound: int) -> int:
        return first if first >= bound else bound + (first - bound) % self.step_s

    def _first_of_gap(self, gap: Gap, earliest: int) -> int:
        return self._advanced(minute_up(gap[1]) + self._offset_s, earliest)

    def _first_rounded(self, gap: Gap, earliest: int) -> int:
        begin = minute_up(max(gap[1], earliest))
        return begin + -self._local_minute(begin) % self._unit_min * MINUTE_S + self._offset_s

    def _first_optimized(self, gap: Gap, earliest: int) -> int:
        begin = minute_up(max(gap[1], earliest))
        minute = self._local_minute(begin)
        wait_min = 0
        if minute % self._unit_min:
            spare_min = (gap[2] - begin) // MINUTE_S % self._unit_min
            waits = (unit - minute % unit for unit in (self._unit_min, 15, 5))
            wait_min = next((wait for wait in waits if wait <= spare_min), 0)
        return begin + wait_min * MINUTE_S + self._offset_s

    def _local_minute(self, second: int) -> int:
        return datetime.fromtimestamp(second, self._zone).minute
