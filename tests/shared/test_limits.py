"""Limits of how often somebody may ask."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared import limits
from shared.errors import TooManyRequests
from shared.limits import Counter
from tests.support.clock import START, Clock

pytestmark = pytest.mark.usefixtures("aws")
ADDRESS = "203.0.113.7"
_numbers = itertools.count()


def spent(times: int, address: str = ADDRESS, calls: int = 3, per_s: int = 60) -> int:
    """How many of several calls were let through."""
    let_through = 0
    for _ in range(times):
        try:
            limits.spend("op", address, calls, per_s)
        except TooManyRequests:
            continue
        let_through += 1
    return let_through


def test_so_many_calls_a_window(clock: Clock) -> None:
    """PLAT-34."""
    assert spent(5) == 3
    clock.forward(seconds=29)
    assert spent(1) == 0
    clock.forward(seconds=1)
    assert spent(5) == 3


def test_it_tells_when_the_window_ends(clock: Clock) -> None:
    for expected in (30, 13, 1):
        clock.moment = START.replace(second=60 - expected)
        with pytest.raises(TooManyRequests) as refused:
            limits.spend("op", ADDRESS, 0, 60)
        assert refused.value.retry_after_s == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
@given(offset_s=st.integers(0, 10**9), per_s=st.integers(1, 86_400))
def test_whoever_waits_as_told_is_let_through(clock: Clock, offset_s: int, per_s: int) -> None:
    clock.moment = START
    clock.forward(seconds=offset_s)
    somebody = f"192.0.2.{next(_numbers)}"
    spent(1, somebody, 1, per_s)
    with pytest.raises(TooManyRequests) as refused:
        limits.spend("op", somebody, 1, per_s)
    assert refused.value.retry_after_s is not None
    assert 1 <= refused.value.retry_after_s <= per_s
    clock.forward(seconds=refused.value.retry_after_s)
    assert spent(1, somebody, 1, per_s) == 1


def test_addresses_and_operations_are_counted_apart(clock: Clock) -> None:
    assert (spent(3), spent(1)) == (3, 0)
    assert spent(3, "203.0.113.8") == 3
    assert spent(3, "") == 3
    limits.spend("another", ADDRESS, 1, 60)


def test_no_address_stands_in_the_table(clock: Clock) -> None:
    """PLAT-22."""
    spent(1)
    (row,) = Counter.scan()
    assert ADDRESS not in str(row.attribute_values)


def test_a_counter_outlives_its_window_and_is_cleaned_up_then(clock: Clock) -> None:
    spent(2)
    (row,) = Counter.scan()
    ends = START.replace(second=0).timestamp() + 60
    assert row.number == 2
    assert row.expires_at == ends + 60


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:1:ffff::1", "2001:db8:1:1::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("nonsense", "nonsense"),
        ("", ""),
    ],
)
def test_whom_an_address_stands_for(address: str, expected: str) -> None:
    assert limits.source(address) == expected
