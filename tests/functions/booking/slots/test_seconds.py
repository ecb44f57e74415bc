"""Moments and spans as integers."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.booking.slots.seconds import epoch_s, epoch_s_up, merge, minute_up, utc, utc_all

SPANS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 12)).map(lambda pair: (pair[0], pair[0] + pair[1])))


def test_a_moment_counts_whole_seconds_since_the_epoch() -> None:
    moment = datetime(2026, 11, 24, 10, 0, 30, 999_999, tzinfo=UTC)
    assert epoch_s(moment) == int(moment.timestamp())
    assert epoch_s_up(moment) == epoch_s(moment) + 1
    assert epoch_s_up(moment.replace(microsecond=0)) == epoch_s(moment)


def test_the_zone_of_a_moment_does_not_matter() -> None:
    moment = datetime(2026, 11, 24, 15, 45, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert epoch_s(moment) == epoch_s(datetime(2026, 11, 24, 10, tzinfo=UTC))


@pytest.mark.parametrize("convert", [epoch_s, epoch_s_up])
def test_a_moment_without_a_zone_is_refused(convert: Callable[[datetime], int]) -> None:
    with pytest.raises(TypeError):
        convert(datetime(2026, 11, 24, 10))  # noqa: DTZ001


@pytest.mark.parametrize(("second", "expected"), [(0, 0), (1, 60), (59, 60), (60, 60), (-1, 0)])
def test_a_begun_minute_is_rounded_up(second: int, expected: int) -> None:
    assert minute_up(second) == expected


@given(st.lists(st.tuples(st.integers(0, 90_000), st.integers(1, 50))), st.integers(1, 7200))
def test_moments_by_addition_equal_those_made_one_by_one(given_ranges: list[tuple[int, int]], step: int) -> None:
    midnight = 1_795_000_000
    ranges = [range(midnight + first, midnight + first + count * step, step) for first, count in given_ranges]
    assert utc_all(ranges, step, midnight) == [utc(second) for each in ranges for second in each]


@given(SPANS)
def test_merged_spans_cover_the_same_time_and_never_touch(spans: list[tuple[int, int]]) -> None:
    merged = merge(spans)
    assert {x for start, end in merged for x in range(start, end)} == {x for a, b in spans for x in range(a, b)}
    assert all(before[1] < after[0] for before, after in pairwise(merged))
