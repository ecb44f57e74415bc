"""What holds for every question: checked against slow answers written in another way."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from functions.booking.slots import (
    Availability,
    BookedVisit,
    GridRule,
    Hold,
    Rules,
    Service,
    SlotQuery,
    WorkingHours,
    free_days,
    free_starts,
)
from tests.functions.booking.slots.strategies import DAYS, FIRST, MINUTE, days, plain_days, queries


def all_starts(query: SlotQuery) -> list[datetime]:
    return [start for day in days() for start in free_starts(day, query)]


def is_open(query: SlotQuery, moment: datetime) -> bool:
    """Whether a local minute lies in working hours, read off the clock; true for a label that comes twice."""
    local = moment.astimezone(query.hours.zone)
    if local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset():
        return True
    hours, day, minute = query.hours, local.date(), local.hour * 60 + local.minute
    worked = hours.overrides.get(day, hours.weekly[day.weekday()])
    return (
        day not in hours.closed
        and any(opens <= minute < closes for opens, closes in worked)
        and not any(begins <= minute < ends for begins, ends in hours.breaks[day.weekday()])
    )


def blockers(query: SlotQuery) -> list[tuple[datetime, datetime]]:
    """Time that a visit of the service may not touch, its own buffers put on the others."""
    service = query.service
    taken: list[BookedVisit | Hold] = [each for each in query.visits if each.id != query.moving_visit_id]
    taken += [each for each in query.holds if each.expires > query.now and each.by != query.client_id]
    spans = [
        (
            each.start - (each.buffer_before_min + service.buffer_after_min) * MINUTE,
            each.end + (each.buffer_after_min + service.buffer_before_min) * MINUTE,
        )
        for each in taken
        if each.start < each.end
    ]
    return spans + list(query.time_off)


@settings(deadline=None)
@given(queries())
def test_a_visit_lies_inside_working_hours(query: SlotQuery) -> None:
    """Hours change at whole five minutes here, so that those and the last minute of each visit tell all."""
    starts = all_starts(query)
    ends = {start + query.service.duration_min * MINUTE for start in starts}
    fives = {
        start + minute * MINUTE
        for start in starts
        for minute in range(-start.minute % 5, query.service.duration_min, 5)
    }
    assert all(is_open(query, moment) for moment in {*starts, *fives, *(end - MINUTE for end in ends)})


@settings(deadline=None)
@given(queries(seats=(1,)))
def test_a_visit_with_its_buffers_meets_no_other(query: SlotQuery) -> None:
    """BOOK-12."""
    busy = blockers(query)
    for start in all_starts(query):
        end = start + query.service.duration_min * MINUTE
        assert not any(begin < end and start < over for begin, over in busy)


@settings(deadline=None)
@given(queries())
def test_starts_ascend_keep_the_notice_and_lie_on_their_date(query: SlotQuery) -> None:
    earliest = query.now + query.rules.min_notice_min * MINUTE - MINUTE
    for day in days():
        starts = free_starts(day, query)
        assert starts == sorted(set(starts))
        assert all(start > earliest and start.astimezone(query.hours.zone).date() == day for start in starts)


@settings(deadline=None)
@given(queries(), st.integers(0, DAYS * 288))
def test_confirmation_agrees_with_the_offer(query: SlotQuery, five_minutes: int) -> None:
    """BOOK-12."""
    found = Availability(query)
    any_moment = FIRST + five_minutes * 5 * MINUTE
    offered = set(all_starts(query))
    assert all(map(found.is_free, offered))
    assert all(map(found.fits, offered))
    day = any_moment.astimezone(query.hours.zone).date()
    assert found.is_free(any_moment) == (any_moment in found.free_starts(day))


@settings(deadline=None)
@given(queries())
def test_free_days_agree_with_free_starts(query: SlotQuery) -> None:
    """BOOK-11."""
    assert free_days(FIRST.date(), DAYS, query) == [day for day in days() if free_starts(day, query)]


@settings(deadline=None)
@given(queries(), st.integers(0, 1000))
def test_the_order_of_what_is_booked_does_not_matter(query: SlotQuery, seed: int) -> None:
    random = Random(seed)
    other = replace(
        query,
        visits=tuple(random.sample(query.visits, len(query.visits))),
        holds=query.holds[::-1],
        hours=replace(query.hours, weekly=tuple(day[::-1] for day in query.hours.weekly)),
    )
    assert all_starts(other) == all_starts(query)


@settings(deadline=None)
@given(queries(zones=("UTC",)))
def test_a_week_later_the_answer_is_a_week_later(query: SlotQuery) -> None:
    week = timedelta(days=7)
    later = replace(
        query,
        now=query.now + week,
        hours=replace(
            query.hours,
            overrides={day + week: given for day, given in query.hours.overrides.items()},
            closed=frozenset(day + week for day in query.hours.closed),
        ),
        visits=tuple(replace(each, start=each.start + week, end=each.end + week) for each in query.visits),
        holds=tuple(
            replace(each, start=each.start + week, end=each.end + week, expires=each.expires + week)
            for each in query.holds
        ),
        time_off=tuple((start + week, end + week) for start, end in query.time_off),
    )
    for day in days():
        assert free_starts(day + week, later) == [start + week for start in free_starts(day, query)]


@settings(deadline=None)
@given(queries(seats=(1,)), st.data())
def test_a_moving_visit_is_as_good_as_gone(query: SlotQuery, data: st.DataObject) -> None:
    """BOOK-19."""
    assume(query.visits)
    moving = data.draw(st.sampled_from(query.visits))
    others = tuple(each for each in query.visits if each is not moving)
    asked = replace(query, visits=(*others, replace(moving, id="moving")), moving_visit_id="moving")
    assert all_starts(asked) == all_starts(replace(query, visits=others, moving_visit_id=None))


@settings(deadline=None)
@given(queries(seats=(1,)), st.sampled_from((30, 45)))
def test_one_more_visit_never_frees_time_on_the_day_grid(query: SlotQuery, length: int) -> None:
    query = replace(query, rules=replace(query.rules, grid=GridRule.DAY))
    more = BookedVisit(FIRST + timedelta(days=3, hours=10), FIRST + timedelta(days=3, hours=10, minutes=length))
    assert set(all_starts(replace(query, visits=(*query.visits, more)))) <= set(all_starts(query))


@settings(deadline=None)
@given(plain_days())
def test_the_day_grid_offers_each_point_at_which_a_visit_fits(query: SlotQuery) -> None:
    found = Availability(query)
    step = (query.service.step_min + query.service.start_offset_min) * MINUTE
    ((opens, closes),) = query.hours.weekly[0]
    for day in days():
        midnight = datetime.combine(day, datetime.min.time(), UTC)
        at = midnight + (opens + query.service.start_offset_min) * MINUTE
        points: list[datetime] = []
        while at < midnight + closes * MINUTE:
            points.append(at)
            at += step
        assert found.free_starts(day) == [point for point in points if found.fits(point)]


@settings(deadline=None)
@given(plain_days())
def test_free_minutes_read_one_by_one_give_the_same_answer(query: SlotQuery) -> None:
    """An oracle that knows only minutes: for the grid of the day and that of the gap."""
    day = FIRST.date() + timedelta(days=2)
    midnight = datetime.combine(day, datetime.min.time(), UTC)
    ((opens, closes),) = query.hours.weekly[0]
    busy = blockers(query)
    free = {
        minute
        for minute in range(opens, closes)
        if not any(begin <= midnight + minute * MINUTE < over for begin, over in busy)
    }
    earliest = (query.now + query.rules.min_notice_min * MINUTE).replace(second=0)
    offset, step = query.service.start_offset_min, query.service.step_min + query.service.start_offset_min
    gaps = [minute for minute in free if minute - 1 not in free]
    expected: dict[GridRule, list[int]] = {GridRule.DAY: [], GridRule.GAP: []}
    for minute in sorted(free):
        if (
            not all(minute + more in free for more in range(query.service.duration_min))
            or midnight + minute * MINUTE < earliest
        ):
            continue
        begin = max(gap for gap in gaps if gap <= minute)
        for rule, anchor in ((GridRule.DAY, opens + offset), (GridRule.GAP, begin + offset)):
            if minute >= anchor and (minute - anchor) % step == 0:
                expected[rule].append(minute)
    for rule, starts in expected.items():
        asked = replace(query, rules=replace(query.rules, grid=rule))
        assert free_starts(day, asked) == [midnight + minute * MINUTE for minute in starts]


@pytest.mark.parametrize("rule", GridRule)
def test_gap_optimized_loses_no_visit(rule: GridRule) -> None:
    """No rule offers more visits in an empty day than the one that never rounds."""
    for opens in range(540, 600):
        hours = WorkingHours(ZoneInfo("UTC"), (((opens, 1000),),) * 7)
        asked = SlotQuery(hours, Service(60, 60), FIRST, Rules(grid=rule))
        count = len(free_starts(FIRST.date(), asked))
        assert count <= (1000 - opens) // 60
        assert count == (1000 - opens) // 60 or rule is GridRule.GAP_ROUND
