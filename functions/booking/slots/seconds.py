"""Moments and spans as integer epoch seconds: what the engine counts in."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache

Span = tuple[int, int]
"""Half-open; in this package epoch seconds, or minutes of a day."""

MINUTE_S = 60
DAY_S = 86_400
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def epoch_s(moment: datetime) -> int:
    """Whole epoch seconds that have passed at an aware moment.

    Raises: TypeError when the moment has no zone.
    """
    passed = moment - EPOCH
    return passed.days * DAY_S + passed.seconds


def epoch_s_up(moment: datetime) -> int:
    """The same, a begun second counted as passed."""
    passed = moment - EPOCH
    return passed.days * DAY_S + passed.seconds + (passed.microseconds > 0)


def utc(second: int) -> datetime:
    """Aware UTC moment of an epoch second."""
    return datetime.fromtimestamp(second, UTC)


def utc_all(ranges: Iterable[range], step_s: int, midnight: int) -> list[datetime]:
    """Aware UTC moments of the ranges of one day, all of one step; by addition, a third of the time of one by one."""
    begin, step = utc(midnight), _after(step_s)
    moments: list[datetime] = []
    for seconds in ranges:
        moment = begin + _after(seconds.start - midnight)
        for _ in seconds:
            moments.append(moment)
            moment += step
    return moments


@lru_cache(maxsize=4096)
def _after(second: int) -> timedelta:
    return timedelta(0, second)


def minute_up(second: int) -> int:
    """The same second, or the next whole minute."""
    return second + -second % MINUTE_S


def merged_bounds(spans: Iterable[Span]) -> tuple[list[int], list[int]]:
    """Beginnings and ends of the disjoint ascending spans that cover the same time; those that touch become one."""
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted(spans):
        if not ends or start > ends[-1]:
            starts.append(start)
            ends.append(end)
        elif end > ends[-1]:
            ends[-1] = end
    return starts, ends


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same as spans."""
    return list(zip(*merged_bounds(spans), strict=True))
