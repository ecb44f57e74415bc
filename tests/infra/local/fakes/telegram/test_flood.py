"""Flood limits: how many messages pass, and how long to wait."""

from hypothesis import given
from hypothesis import strategies as st

from infra.local.fakes.telegram.flood import FloodGate, FloodLimits

START_S = 1_800_000_000.0


@given(st.lists(st.floats(0, 0.5), min_size=1, max_size=200))
def test_no_second_lets_more_through_than_burst_and_rate(pauses_s: list[float]) -> None:
    gate, now, passed = FloodGate(FloodLimits(overall_per_s=5, overall_burst=3)), START_S, []
    for pause_s in pauses_s:
        now += pause_s
        if gate.wait_s(7, now) == 0:
            passed.append(now)
    for first in passed:
        assert sum(first <= moment < first + 1 for moment in passed) <= 3 + 5


@given(st.integers(1, 40))
def test_the_named_wait_is_enough(count: int) -> None:
    gate, now = FloodGate(FloodLimits(per_chat_per_s=1, per_chat_burst=2)), START_S
    for _ in range(count):
        wait_s = gate.wait_s(7, now)
        now += wait_s
        assert wait_s == 0 or gate.wait_s(7, now) == 0


def test_one_slow_chat_does_not_stop_another() -> None:
    gate = FloodGate(FloodLimits(per_chat_per_s=1, per_chat_burst=1))
    assert gate.wait_s(1, START_S) == 0
    assert gate.wait_s(1, START_S) > 0
    assert gate.wait_s(2, START_S) == 0


def test_a_refused_message_is_not_counted() -> None:
    gate = FloodGate(FloodLimits(overall_per_s=1, overall_burst=1))
    assert gate.wait_s(1, START_S) == 0
    waits = [gate.wait_s(1, START_S) for _ in range(5)]
    assert len(set(waits)) == 1


def test_a_long_silence_saves_up_no_more_than_the_burst() -> None:
    gate = FloodGate(FloodLimits(overall_per_s=5, overall_burst=3))
    assert gate.wait_s(1, START_S) == 0
    assert sum(gate.wait_s(1, START_S + 3600) == 0 for _ in range(20)) == 3


def test_limits_can_be_off() -> None:
    gate = FloodGate(FloodLimits(overall_per_s=None))
    assert {gate.wait_s(1, START_S) for _ in range(1000)} == {0}


def test_by_default_thirty_messages_pass_at_once_and_then_thirty_a_second() -> None:
    gate = FloodGate(FloodLimits())
    assert sum(gate.wait_s(chat_id, START_S) == 0 for chat_id in range(1, 100)) == 30
    assert sum(gate.wait_s(chat_id, START_S + 0.5) == 0 for chat_id in range(1, 100)) == 15
