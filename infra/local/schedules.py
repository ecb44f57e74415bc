"""When a schedule fires next: EventBridge's `rate(…)` and `cron(…)`, in UTC.

Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html (read 2026-11-20).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_RATE = re.compile(r"rate\((?P<number>[1-9]\d{0,5}) (?P<unit>minute|hour|day)(?P<plural>s?)\)")
_CRON = re.compile(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)")
_DAY_NUMBER = re.compile(r"(?<![/\w])[1-7](?!\d)")


class NotImitated(ValueError):
    """The expression is wrong, or asks for what the local runtime cannot do."""


def is_rate(expression: str) -> bool:
    """Whether the schedule counts from its last firing, not by the calendar."""
    return expression.startswith("rate")


def next_after(expression: str, moment: datetime) -> datetime:
    """The first moment after this one when the schedule fires.

    Raises: NotImitated.
    """
    rate = _RATE.fullmatch(expression)
    if rate is None:
        return _next_of_cron(expression, moment)
    number = int(rate["number"])
    if (number == 1) == bool(rate["plural"]):
        raise NotImitated(f"{expression}: EventBridge wants the singular for 1 alone")
    return moment + number * timedelta(**{f"{rate['unit']}s": 1})


def _next_of_cron(expression: str, moment: datetime) -> datetime:
    from croniter import CroniterError, croniter  # noqa: PLC0415  # dear in memory, and rates do without

    try:
        found: datetime = croniter(_five_fields(expression), moment.astimezone(UTC)).get_next(datetime)
    except CroniterError as error:
        raise NotImitated(f"{expression}: {error}") from None
    return found


def _five_fields(expression: str) -> str:
    cron = _CRON.fullmatch(expression)
    if cron is None:
        raise NotImitated(f"{expression}: neither rate(…) nor cron(…) with six fields")
    minute, hour, day, month, weekday, year = cron.groups()
    if year != "*":
        raise NotImitated(f"{expression}: years are not imitated")
    if re.search("[LW#]", day.upper() + re.sub("[A-Z]{3}", "", weekday.upper())):
        raise NotImitated(f"{expression}: L, W and # are not imitated")
    if (day == "?") == (weekday == "?"):
        raise NotImitated(f"{expression}: either the day of the month or the day of the week must be ?")
    numbered = _DAY_NUMBER.sub(lambda found: str(int(found[0]) - 1), weekday)
    return " ".join(field.replace("?", "*") for field in (minute, hour, day, month, numbered))
