"""Schedules fire when EventBridge would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local.schedules import NotImitated, next_after

FRIDAY = datetime(2026, 11, 20, 14, 40, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("rate(1 minute)", FRIDAY + timedelta(minutes=1)),
        ("rate(5 minutes)", FRIDAY + timedelta(minutes=5)),
        ("rate(1 hour)", FRIDAY + timedelta(hours=1)),
        ("rate(7 days)", FRIDAY + timedelta(days=7)),
        ("cron(0 9 * * ? *)", datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ("cron(0/15 * * * ? *)", datetime(2026, 11, 20, 14, 45, tzinfo=UTC)),
        ("cron(0 18 ? * MON-FRI *)", datetime(2026, 11, 20, 18, tzinfo=UTC)),
        ("cron(0 9 ? * 1 *)", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("cron(0 9 ? * SUN *)", datetime(2026, 11, 22, 9, tzinfo=UTC)),
        ("cron(0 9 ? * 2-6 *)", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("cron(0 9 ? * 7 *)", datetime(2026, 11, 21, 9, tzinfo=UTC)),
        ("cron(0 9 1 * ? *)", datetime(2026, 12, 1, 9, tzinfo=UTC)),
        ("cron(30 23 31 DEC ? *)", datetime(2026, 12, 31, 23, 30, tzinfo=UTC)),
    ],
)
def test_next_firing(expression: str, expected: datetime) -> None:
    assert next_after(expression, FRIDAY) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "rate(0 minutes)",
        "rate(1 minutes)",
        "rate(2 minute)",
        "rate(5 seconds)",
        "cron(0 9 * * *)",
        "cron(0 9 * * * *)",
        "cron(0 9 ? * ? *)",
        "cron(0 9 L * ? *)",
        "cron(0 9 ? * 6L *)",
        "cron(0 9 ? * 2#1 *)",
        "cron(0 9 15W * ? *)",
        "cron(0 9 1 * ? 2027)",
        "cron(61 9 1 * ? *)",
        "at(2026-11-20T00:00:00)",
        "",
    ],
)
def test_what_cannot_be_followed_is_refused(expression: str) -> None:
    with pytest.raises(NotImitated):
        next_after(expression, FRIDAY)


@settings(deadline=None)
@given(st.integers(0, 59), st.integers(0, 23), st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1)))  # noqa: DTZ001
def test_a_daily_schedule_fires_within_a_day_and_never_at_once(minute: int, hour: int, moment: datetime) -> None:
    start = moment.replace(tzinfo=UTC)
    found = next_after(f"cron({minute} {hour} * * ? *)", start)
    assert timedelta() < found - start <= timedelta(days=1)
    assert (found.minute, found.hour, found.second) == (minute, hour, 0)
