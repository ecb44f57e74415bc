"""Questions of any kind for the property tests: a week of visits, holds, rules and zones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from functions.booking.slots import (
    BookedVisit,
    DayCount,
    GridRule,
    Hold,
    Rules,
    SeatRule,
    Service,
    SlotQuery,
    WorkingHours,
)

FIRST = datetime(2026, 3, 23, tzinfo=UTC)
DAYS = 7
"""A week from Monday; on its Sunday the clock changes in Europe and the Lebanon."""

ZONES = (
    "UTC",
    "Asia/Kathmandu",
    "Asia/Kolkata",
    "Europe/Berlin",
    "Asia/Beirut",
    "America/Santiago",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
)
MINUTE = timedelta(minutes=1)

minutes = st.integers(0, 288).map(lambda five: five * 5)
intervals = st.lists(st.tuples(minutes, minutes), max_size=3).map(tuple)
weeks = st.one_of(
    st.lists(intervals, min_size=7, max_size=7).map(tuple), st.just((((0, 1440),),) * 7), st.just((((540, 1080),),) * 7)
)
buffers = st.sampled_from((0, 0, 0, 5, 10, 35))
moments = st.integers(-1440, DAYS * 1440).map(lambda minute: FIRST + minute * MINUTE)
lengths = st.sampled_from((0, 5, 20, 30, 45, 60, 90, 600))
dates = st.integers(0, DAYS - 1).map(lambda offset: FIRST.date() + timedelta(days=offset))


@st.composite
def visits(draw: st.DrawFn) -> BookedVisit:
    start = draw(moments)
    return BookedVisit(
        start,
        start + draw(lengths) * MINUTE,
        id=draw(st.sampled_from(("", "a", "b"))),
        service_id=draw(st.sampled_from(("asked", "other"))),
        buffer_before_min=draw(buffers),
        buffer_after_min=draw(buffers),
        seats_taken=draw(st.integers(1, 2)),
    )


@st.composite
def holds(draw: st.DrawFn) -> Hold:
    start = draw(moments)
    return Hold(start, start + draw(lengths) * MINUTE, draw(st.sampled_from(("me", "other"))), draw(moments), "asked")


services = st.builds(
    Service,
    duration_min=st.sampled_from((5, 20, 30, 45, 60, 90, 240)),
    step_min=st.sampled_from((5, 7, 15, 20, 30, 45, 60, 90, 120)),
    id=st.just("asked"),
    buffer_before_min=buffers,
    buffer_after_min=buffers,
    start_offset_min=st.sampled_from((0, 0, 0, 5)),
    seats=st.sampled_from((1, 1, 1, 3)),
    seat_rule=st.sampled_from(SeatRule),
)
rules = st.builds(
    Rules,
    min_notice_min=st.sampled_from((0, 0, 30, 1500)),
    horizon_days=st.sampled_from((None, None, 0, 3)),
    horizon_count=st.sampled_from(DayCount),
    max_visits_per_day=st.sampled_from((None, None, 1, 3)),
    max_minutes_per_day=st.sampled_from((None, None, 120)),
    grid=st.sampled_from(GridRule),
    buffers_apply_to_time_off=st.booleans(),
    empty_visits_block=st.booleans(),
)


@st.composite
def queries(draw: st.DrawFn, zones: tuple[str, ...] = ZONES, seats: tuple[int, ...] = (1, 3)) -> SlotQuery:
    hours = WorkingHours(
        ZoneInfo(draw(st.sampled_from(zones))),
        weekly=draw(weeks),
        overrides=draw(st.dictionaries(dates, intervals, max_size=2)),
        breaks=(draw(intervals),) * 7,
        closed=draw(st.frozensets(dates, max_size=1)),
    )
    return SlotQuery(
        hours=hours,
        service=replace(draw(services), seats=draw(st.sampled_from(seats))),
        now=draw(st.sampled_from((FIRST - timedelta(days=2), FIRST + timedelta(days=1, hours=10, seconds=30)))),
        rules=draw(rules),
        visits=tuple(draw(st.lists(visits(), max_size=6))),
        time_off=tuple((start, start + timedelta(hours=7)) for start in draw(st.lists(moments, max_size=1))),
        holds=tuple(draw(st.lists(holds(), max_size=2))),
        client_id=draw(st.sampled_from((None, "me"))),
        moving_visit_id=draw(st.sampled_from((None, "a"))),
    )


@st.composite
def plain_days(draw: st.DrawFn) -> SlotQuery:
    """One working interval a day in UTC, no rule that closes a day."""
    opens = draw(st.integers(0, 100)) * 5
    hours = WorkingHours(ZoneInfo("UTC"), (((opens, opens + draw(st.integers(1, 150)) * 5),),) * 7)
    query = draw(queries(zones=("UTC",), seats=(1,)))
    return replace(query, hours=hours, rules=Rules(min_notice_min=query.rules.min_notice_min))


def days() -> Iterator[date]:
    return (FIRST.date() + timedelta(days=offset) for offset in range(DAYS))
