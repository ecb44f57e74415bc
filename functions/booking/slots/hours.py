"""Working time of local dates as spans of epoch seconds."""

import re
from bisect import bisect_left
from datetime import date, datetime, time, timedelta

from functions.booking.slots.models import Interval, WorkingHours
from functions.booking.slots.seconds import DAY_S, MINUTE_S, Span, epoch_s, merge

ONE_DAY = timedelta(days=1)
MIDNIGHT = time()
TIME_OF_DAY = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]|24:00")


Run = tuple[int, int, int]
"""Unbroken working time that touches one local date: begin, end, and the anchor where its grid begins."""

DayPlan = tuple[int, int, list[Run]]
"""A local date: its beginning, its end, its working runs."""


def minute_of_day(label: str) -> int:
    """Minutes from midnight of a local "HH:MM".

    Raises: ValueError when it is no time between 00:00 and 24:00.
    """
    if not TIME_OF_DAY.fullmatch(label):
        msg = f"not a time of day: {label!r}"
        raise ValueError(msg)
    hour, minute = label.split(":")
    return int(hour) * 60 + int(minute)


def interval(opening: str, closing: str) -> Interval:
    """Minutes of a local interval; a closing of 23:59 means midnight, as 24:00 does."""
    return minute_of_day(opening), minute_of_day("24:00" if closing == "23:59" else closing)


def open_minutes(intervals: tuple[Interval, ...], breaks: tuple[Interval, ...]) -> list[Interval]:
    """Minutes of one day in which the master works: merged, ascending, without the breaks."""
    left = merge([each for each in intervals if each[0] < each[1]])
    for start, end in breaks:
        if start < end:
            parts = [((a, min(b, start)), (max(a, end), b)) for a, b in left]
            left = [part for pair in parts for part in pair if part[0] < part[1]]
    return left


class LocalHours:
    """Working hours of one master by date; each date is converted from his zone once."""

    __slots__ = ("_dates", "_days", "_hours", "_shift", "_week", "_zone")

    def __init__(self, hours: WorkingHours) -> None:
        self._hours = hours
        self._zone = hours.zone
        self._week = [open_minutes(*each) for each in zip(hours.weekly, hours.breaks, strict=True)]
        self._dates = {*hours.overrides, *hours.breaks_by_date, *hours.closed}
        self._days: dict[date, DayPlan] = {}
        self._shift: tuple[timedelta | None, int] = None, 0

    def bounds(self, day: date) -> Span:
        """Epoch seconds at which the local date begins and ends."""
        midnight, stop, _ = self._day(day)
        return midnight, stop

    def plan(self, day: date, reach_s: int) -> DayPlan:
        """Bounds of the date and its working time, joined over midnight with the days around it.

        The first run begins where it began yesterday and keeps that grid; when all of yesterday was working time, there
        is no such beginning and the grid starts at midnight. The last run is followed for `reach_s` past midnight.
        """
        plan = midnight, stop, runs = self._day(day)
        if not runs or (runs[0][0] > midnight and runs[-1][1] < stop):
            return plan
        first, *others = runs
        runs = [self._joined_to_yesterday(day, first) if first[0] == midnight else first, *others]
        begin, end, anchor = runs[-1]
        if end == stop:
            runs[-1] = begin, self._end_after(day + ONE_DAY, stop + reach_s), anchor
        return midnight, stop, runs

    def _midnight(self, day: date) -> int:
        local = datetime.combine(day, MIDNIGHT, self._zone)
        offset = self._zone.utcoffset(local)
        known, shift_s = self._shift
        if offset is not known:  # nearly always that of the day before: the long way is taken twice a year
            shift_s = epoch_s(local) - day.toordinal() * DAY_S
            self._shift = offset, shift_s
        return day.toordinal() * DAY_S + shift_s

    def _day(self, day: date) -> DayPlan:
        found = self._days.get(day)
        if found is None:
            midnight, stop = self._midnight(day), self._midnight(day + ONE_DAY)
            spans = self._minutes(day)
            if stop - midnight == DAY_S:
                runs = [
                    (begin := midnight + start * MINUTE_S, midnight + end * MINUTE_S, begin) for start, end in spans
                ]
            else:
                runs = self._converted(day, spans)
            found = self._days[day] = midnight, stop, runs
        return found

    def _joined_to_yesterday(self, day: date, run: Run) -> Run:
        midnight, end, _ = run
        yesterday, _, earlier = self._day(day - ONE_DAY)
        if not earlier or earlier[-1][1] != midnight:
            return run
        begin, _, _ = earlier[-1]
        return begin, end, midnight if begin == yesterday else begin

    def _end_after(self, day: date, enough: int) -> int:
        end, stop, runs = self._day(day)
        while runs and runs[0][0] == end:
            end = runs[0][1]
            if end < stop or end >= enough:
                break
            day += ONE_DAY
            _, stop, runs = self._day(day)
        return end

    def _minutes(self, day: date) -> list[Interval]:
        hours, weekday = self._hours, day.weekday()
        if day not in self._dates:
            return self._week[weekday]
        if day in hours.closed:
            return []
        breaks = hours.breaks[weekday] + hours.breaks_by_date.get(day, ())
        return open_minutes(hours.overrides.get(day, hours.weekly[weekday]), breaks)

    def _converted(self, day: date, minutes: list[Interval]) -> list[Run]:
        spans = [(self._instant(day, start), self._instant(day, end)) for start, end in minutes]
        return [(begin, end, begin) for begin, end in merge(span for span in spans if span[0] < span[1])]

    def _instant(self, day: date, minute: int) -> int:
        """First epoch second at which the clock shows a local minute of the day, or jumps over it."""
        extra_days, minute = divmod(minute, DAY_S // MINUTE_S)
        local = datetime.combine(day + extra_days * ONE_DAY, time(*divmod(minute, 60)), self._zone)
        first, second = epoch_s(local), epoch_s(local.replace(fold=1))
        if first <= second:
            return first
        return second + bisect_left(range(second, first), x=True, key=lambda each: self._shows(each, local))

    def _shows(self, second: int, local: datetime) -> bool:
        return datetime.fromtimestamp(second, self._zone).replace(tzinfo=None) >= local.replace(tzinfo=None)
