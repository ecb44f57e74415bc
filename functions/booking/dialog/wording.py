"""Dates, times and prices in a person's words."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from functions.booking.models import Booking
from shared.i18n import Words

KOPECKS = 100


def short_day(day: date, words: Words) -> str:
    """A day on a button, such as `Mon 23 November`."""
    return f"{_short_weekdays(words)[day.weekday()]} {day.day} {_months(words)[day.month - 1]}"


def long_day(day: date, words: Words) -> str:
    """A day in a sentence, such as `Monday, 23 November`."""
    return f"{_weekdays(words)[day.weekday()]}, {day.day} {_months(words)[day.month - 1]}"


def zone_of(name: str) -> ZoneInfo:
    """A zone by its name."""
    return ZoneInfo(name)


def clock(moment: datetime, zone: str) -> str:
    """A time of day in a place's zone, such as `10:00`."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def moment_words(moment: datetime, zone: str, words: Words) -> str:
    """A day and a time, such as `Monday, 23 November, 10:00`."""
    return f"{long_day(moment.astimezone(ZoneInfo(zone)).date(), words)}, {clock(moment, zone)}"


def short_moment(moment: datetime, zone: str, words: Words) -> str:
    """A day and a time on a button, such as `Mon 23 November 10:00`."""
    return f"{short_day(moment.astimezone(ZoneInfo(zone)).date(), words)} {clock(moment, zone)}"


def price(kopecks: int | None) -> str:
    """A price in roubles, empty where none is set."""
    if kopecks is None:
        return ""
    roubles, rest = divmod(kopecks, KOPECKS)
    whole = f"{roubles:,}".replace(",", "\N{NO-BREAK SPACE}")
    return f"{whole},{rest:02} ₽" if rest else f"{whole} ₽"


def duration(minutes: int, words: Words) -> str:
    """A length, such as `1 h 30 min`."""
    hours, rest = divmod(minutes, 60)
    parts = [words("{hours} h", hours=hours)] if hours else []
    parts += [words("{minutes} min", minutes=rest)] if rest or not hours else []
    return " ".join(parts)


def summary(booking: Booking, words: Words) -> str:
    """A booking in a few lines: service, time, place, price."""
    place = ", ".join(part for part in (booking.place_name, booking.address) if part)
    lines = [
        booking.service_name,
        moment_words(booking.start, booking.zone, words),
        place,
        price(booking.price_kopecks),
    ]
    return "\n".join(line for line in lines if line)


def _short_weekdays(w: Words) -> tuple[str, ...]:
    return (w("Mon"), w("Tue"), w("Wed"), w("Thu"), w("Fri"), w("Sat"), w("Sun"))


def _weekdays(w: Words) -> tuple[str, ...]:
    return (w("Monday"), w("Tuesday"), w("Wednesday"), w("Thursday"), w("Friday"), w("Saturday"), w("Sunday"))


def _months(w: Words) -> tuple[str, ...]:
    first = (w("January"), w("February"), w("March"), w("April"), w("May"), w("June"))
    return (*first, w("July"), w("August"), w("September"), w("October"), w("November"), w("December"))
