"""What blocks a new visit: standing visits, holds and time off, with the buffers of both sides."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

from functions.booking.slots.hours import Run
from functions.booking.slots.models import BookedVisit, Hold, SeatRule, SlotQuery
from functions.booking.slots.seconds import DAY_S, EPOCH, MINUTE_S, Span, epoch_s, epoch_s_up, merged_bounds

Taken = BookedVisit | Hold

NEVER = 1 << 62
"""Where the busy time after the last would begin: no search runs past the end."""

Gap = tuple[int, int, int]
"""Free working time: the anchor of its run's grid, begin, end."""


class BusyTime:
    """Time in which nothing of a new visit may lie, buffers included; and the group visits that may be joined."""

    __slots__ = ("_ends", "_starts", "open_groups", "time_off")

    def __init__(self, query: SlotQuery) -> None:
        taken: list[Taken] = [*counted_visits(query), *live_holds(query)]
        group: list[Taken] = []
        if query.service.seats > 1:
            group = [each for each in taken if each.service_id == query.service.id]
            taken = [each for each in taken if each.service_id != query.service.id]
        self.time_off = _time_off(query)
        self.open_groups: dict[int, int] = {}
        spans = self.time_off + _padded(query, taken) + self._group_spans(query, group)
        self._starts, self._ends = merged_bounds(spans)
        self._starts.append(NEVER)

    def gaps(self, runs: list[Run]) -> Iterator[Gap]:
        """Free parts of working runs, ascending; a part that begins with its run begins at the anchor."""
        starts, ends = self._starts, self._ends
        for begin, end, anchor in runs:
            at, index = anchor, bisect_right(ends, begin)
            start = starts[index]
            if start <= begin:
                at, index = ends[index], index + 1
                start = starts[index]
            while start < end:
                yield anchor, at, start
                at, index = ends[index], index + 1
                start = starts[index]
            if at < end:
                yield anchor, at, end

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing blocks the span."""
        return self._starts[bisect_right(self._ends, start)] >= end

    def _group_spans(self, query: SlotQuery, group: list[Taken]) -> list[Span]:
        padded = _padded(query, group)
        bare = [(epoch_s(each.start), epoch_s_up(each.end)) for each in group]
        seats = [each.seats_taken for each in group]
        if query.service.seat_rule is SeatRule.OVERLAP:
            return _full_spans(bare, seats, query.service.seats) + _buffers_only(bare, padded)
        self.open_groups = _open_groups(bare, seats, query.service.seats)
        return padded


def counted_visits(query: SlotQuery) -> list[BookedVisit]:
    """Standing visits that take time, without the one being moved."""
    moving = query.moving_visit_id or None
    if query.rules.empty_visits_block:
        return [each for each in query.visits if each.id != moving and each.start <= each.end]
    return [each for each in query.visits if each.id != moving and each.start < each.end]


def live_holds(query: SlotQuery) -> list[Hold]:
    """Holds that still block the asking client."""
    client = query.client_id or None
    return [hold for hold in query.holds if hold.expires > query.now and hold.by != client and hold.start < hold.end]


def _padded(query: SlotQuery, taken: list[Taken]) -> list[Span]:
    """Spans with the buffers of both sides; a begun second counts as taken."""
    before_s = query.service.buffer_after_min * MINUTE_S
    after_s = query.service.buffer_before_min * MINUTE_S
    spans: list[Span] = []
    for each in taken:
        start, end = each.start - EPOCH, each.end - EPOCH  # epoch_s inlined: a quarter of the time of a whole answer
        first = start.days * DAY_S + start.seconds - before_s - each.buffer_before_min * MINUTE_S
        last = end.days * DAY_S + end.seconds + after_s + each.buffer_after_min * MINUTE_S
        spans.append((first, last + 1 if end.microseconds else last))
    return spans


def _buffers_only(bare: list[Span], padded: list[Span]) -> list[Span]:
    pairs = zip(bare, padded, strict=True)
    spans = [part for (start, end), (first, last) in pairs for part in ((first, start), (end, last))]
    return [span for span in spans if span[0] < span[1]]


def _open_groups(spans: list[Span], seats: list[int], capacity: int) -> dict[int, int]:
    """End by start of the group visits that have places left."""
    ends: dict[int, int] = {}
    taken: dict[int, int] = {}
    for (start, end), count in zip(spans, seats, strict=True):
        ends[start] = max(end, ends.get(start, end))
        taken[start] = taken.get(start, 0) + count
    return {start: end for start, end in ends.items() if taken[start] < capacity}


def _full_spans(visits: list[Span], seats: list[int], capacity: int) -> list[Span]:
    """Time in which no place is left."""
    changes: dict[int, int] = {}
    for (start, end), count in zip(visits, seats, strict=True):
        changes[start] = changes.get(start, 0) + count
        changes[end] = changes.get(end, 0) - count
    spans: list[Span] = []
    total = 0
    for moment, following in pairwise(sorted(changes)):
        total += changes[moment]
        if total >= capacity:
            spans.append((moment, following))
    return spans


def _time_off(query: SlotQuery) -> list[Span]:
    before_s = after_s = 0
    if query.rules.buffers_apply_to_time_off:
        before_s = query.service.buffer_after_min * MINUTE_S
        after_s = query.service.buffer_before_min * MINUTE_S
    return [(epoch_s(start) - before_s, epoch_s_up(end) + after_s) for start, end in query.time_off if start < end]
