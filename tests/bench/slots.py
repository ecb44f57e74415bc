"""Times free starts of 60 days against two peers, same inputs in one run: `python -m tests.bench.slots`.

A peer that is not installed is left out: portion 2.6.3 and django-appointment 3.12.0 have an environment of their own.
Source: PyPI, both read 2026-11-20.
"""

import importlib.util
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from time import perf_counter
from zoneinfo import ZoneInfo

from functions.booking.slots import Availability, BookedVisit, Service, SlotQuery, WorkingHours, interval

ZONE = ZoneInfo("Europe/Moscow")
FIRST_DAY = date(2026, 11, 23)
DAYS = 60
VISITS = 277
ROUNDS, REPEATS = 5, 15
OPENS, CLOSES = "09:00", "18:00"
SCENARIOS = {"60-minute visit, 15-minute grid": (60, 15), "30 / 30": (30, 30), "45 / 5": (45, 5)}

Starts = list[datetime]
Runner = Callable[[], Starts]


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement: the best of all repeats, and how it compares with ours."""

    scenario: str
    name: str
    ms: float
    starts: int
    ratio: float
    agrees: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One local day as the peers read it: naive local times."""

    opens: datetime
    closes: datetime
    busy: list[tuple[datetime, datetime]]


def days() -> list[Day]:
    """Days of work with visits in them, always the same."""
    random = Random(277)
    found: list[Day] = []
    left = VISITS
    for offset in range(DAYS):
        midnight = datetime.combine(FIRST_DAY + timedelta(days=offset), datetime.min.time())
        opens, closes = midnight + timedelta(hours=9), midnight + timedelta(hours=18)
        count = round(left / (DAYS - offset))
        hours = sorted(random.sample(range(9), count))
        starts = [opens + timedelta(hours=hour, minutes=random.choice((0, 10, 15))) for hour in hours]
        busy = [(start, start + timedelta(minutes=random.choice((30, 45)))) for start in starts]
        found.append(Day(opens, closes, busy))
        left -= count
    return found


def ours(given: list[Day], duration_min: int, step_min: int) -> Runner:
    """Our engine, with all its preparation: zones, buffers, sorting of the visits."""
    query = SlotQuery(
        hours=WorkingHours(ZONE, ((interval(OPENS, CLOSES),),) * 7),
        service=Service(duration_min, step_min),
        now=datetime(2026, 11, 20, tzinfo=UTC),
        visits=tuple(BookedVisit(_utc(start), _utc(end)) for day in given for start, end in day.busy),
    )
    asked = [FIRST_DAY + timedelta(days=offset) for offset in range(DAYS)]

    def run() -> Starts:
        availability = Availability(query)
        return [start for day in asked for start in availability.free_starts(day)]

    return run


def portion_peer(given: list[Day], duration_min: int, step_min: int) -> Runner:
    """Intervals of portion, subtracted; then the same grid."""
    import portion  # noqa: PLC0415

    duration, step = timedelta(minutes=duration_min), timedelta(minutes=step_min)

    def run() -> Starts:
        starts: Starts = []
        for day in given:
            free = portion.closedopen(day.opens, day.closes)
            for start, end in day.busy:
                free -= portion.closedopen(start, end)
            at = day.opens
            while at + duration <= day.closes:
                if portion.closedopen(at, at + duration) in free:
                    starts.append(at)
                at += step
        return starts

    return run


def django_peer(given: list[Day], duration_min: int, step_min: int) -> Runner:
    """The two functions that make the slots of django-appointment; its database is left out of the time."""
    _set_up_django()
    from appointment.utils import db_helpers  # noqa: PLC0415

    duration, step = timedelta(minutes=duration_min), timedelta(minutes=step_min)
    booked = [[_Appointment(start, end) for start, end in day.busy] for day in given]

    def run() -> Starts:
        starts: Starts = []
        for day, appointments in zip(given, booked, strict=True):
            slots = db_helpers.calculate_slots(day.opens, day.closes, day.opens, step, duration)
            starts += db_helpers.exclude_unavailable_slots(
                slots, appointments=appointments, slot_duration=step, service_duration=duration
            )
        return starts

    return run


PEERS = {"portion 2.6.3": ("portion", portion_peer), "django-appointment 3.12.0": ("appointment", django_peer)}


def rows() -> Iterator[Row]:
    """For each scenario ours first, then each peer that can be imported; the ratio is its time to ours."""
    given = days()
    for scenario, (duration_min, step_min) in SCENARIOS.items():
        runners = {"svyaz": ours(given, duration_min, step_min)}
        for name, (module, peer) in PEERS.items():
            if importlib.util.find_spec(module):
                runners[name] = peer(given, duration_min, step_min)
        answers = {name: _local(run()) for name, run in runners.items()}
        times = _best_ms(runners)
        for name, ms in times.items():
            agrees = answers[name] == answers["svyaz"]
            yield Row(scenario, name, ms, len(answers[name]), ms / times["svyaz"], agrees)


class _Appointment:
    """What django-appointment asks of a booking."""

    def __init__(self, start: datetime, end: datetime) -> None:
        self._start, self._end = start, end

    def get_start_time(self) -> datetime:
        return self._start

    def get_end_time(self) -> datetime:
        return self._end


def _set_up_django() -> None:
    import django  # noqa: PLC0415
    from django.conf import settings  # noqa: PLC0415

    if not settings.configured:
        settings.configure(
            INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "appointment"],
            DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
            USE_TZ=True,
        )
        django.setup()


def _utc(local: datetime) -> datetime:
    return local.replace(tzinfo=ZONE).astimezone(UTC)


def _local(starts: Starts) -> Starts:
    return [start.astimezone(ZONE).replace(tzinfo=None) if start.tzinfo else start for start in starts]


def _best_ms(runners: dict[str, Runner]) -> dict[str, float]:
    """Several rounds of all runners, so that a busy machine slows each alike."""
    best = dict.fromkeys(runners, float("inf"))
    for _ in range(ROUNDS):
        for name, run in runners.items():
            for _ in range(REPEATS):
                began = perf_counter()
                run()
                best[name] = min(best[name], (perf_counter() - began) * 1000)
    return best


if __name__ == "__main__":
    for row in rows():
        agreement = "same answers" if row.agrees else "OTHER ANSWERS"
        print(f"{row.scenario:34}{row.name:28}{row.ms:8.3f} ms {row.starts:5} starts {row.ratio:6.1f}x  {agreement}")
