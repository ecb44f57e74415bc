"""Limits of guessing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.accounts.entry import lockout
from functions.accounts.entry.lockout import ACCOUNT, Guesses, Rule, State
from shared.errors import TooManyRequests
from tests.support.clock import Clock, stopped
from tests.support.known_people import EMAIL, OTHER_EMAIL

HERE, THERE = "203.0.113.7", "198.51.100.9"


@pytest.fixture
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


def _guess(email: str = EMAIL, address: str = HERE, device_token: str = "") -> int:
    """0 for a guess that was let through, else the seconds to wait."""
    try:
        lockout.spend_login(email, address, device_token)
    except TooManyRequests as refused:
        return refused.retry_after_s or -1
    return 0


def _addresses(number: int) -> list[str]:
    return [f"198.18.0.{at}" for at in range(number)]


def test_five_guesses_then_pauses_that_grow_and_end(clock: Clock) -> None:
    """PLAT-34."""
    assert [_guess() for _ in range(5)] == [0] * 5
    pauses = []
    for _ in range(8):
        pauses.append(_guess())
        clock.forward(seconds=pauses[-1] - 1)
        assert _guess() == 1
        clock.forward(seconds=1)
        assert _guess() == 0
    assert pauses == [30, 60, 120, 240, 480, 900, 900, 900]


def test_they_are_forgotten_after_an_hour(clock: Clock) -> None:
    for _ in range(5):
        _guess()
    clock.forward(seconds=ACCOUNT.kept_s)
    assert [_guess() for _ in range(6)] == [0] * 5 + [30]


def test_a_right_one_forgets_the_wrong_ones(clock: Clock) -> None:
    for _ in range(4):
        _guess()
    lockout.settle(lockout.spend_login(EMAIL, HERE, ""))
    assert [_guess() for _ in range(6)] == [0] * 5 + [30]


def test_accounts_are_counted_apart_whether_they_exist_or_not(clock: Clock) -> None:
    assert [_guess(address=address) for address in _addresses(6)] == [0] * 5 + [30]
    assert _guess(OTHER_EMAIL) == 0


def test_addresses_are_counted_over_all_accounts(clock: Clock) -> None:
    guesses = [_guess(f"a{at}@example.org") for at in range(31)]
    assert guesses == [0] * 30 + [30]
    assert _guess("b@example.org", THERE) == 0


def test_an_own_login_in_between_gives_no_more_guesses(clock: Clock) -> None:
    """Whoever has an account of his own cannot wash his address clean with it."""
    let_through = 0
    for at in range(60):
        let_through += _guess(f"a{at}@example.org") == 0
        try:
            lockout.settle(lockout.spend_login("own@example.org", HERE, ""))
        except TooManyRequests:
            continue
    assert let_through <= lockout.ADDRESS.free


def test_a_whole_ipv6_network_is_one_address(clock: Clock) -> None:
    for at in range(30):
        _guess(f"a{at}@example.org", f"2001:db8:1:1::{at:x}")
    assert _guess("b@example.org", "2001:db8:1:1:ffff::1") == 30
    assert _guess("b@example.org", "2001:db8:1:2::1") == 0


def test_a_guess_that_the_account_refuses_does_not_count_against_the_address(clock: Clock) -> None:
    for address in _addresses(5):
        _guess(address=address)
    for _ in range(40):
        assert _guess() == 30
    assert _guess(OTHER_EMAIL) == 0


def test_strangers_cannot_lock_a_person_out_of_his_own_device(clock: Clock) -> None:
    token = lockout.device_token(EMAIL)
    for address in _addresses(20):
        _guess(address=address)
    assert _guess() > 0
    assert [_guess(device_token=token) for _ in range(6)] == [0] * 5 + [30]
    assert _guess(device_token=lockout.device_token(EMAIL)) == 0


@pytest.mark.parametrize("token", ["", "made-up", "ю", "A" * 2000])
def test_a_made_up_device_counts_as_none(token: str, clock: Clock) -> None:
    assert [_guess(device_token=token) for _ in range(6)] == [0] * 5 + [30]


def test_a_device_of_another_account_or_of_long_ago_counts_as_none(clock: Clock) -> None:
    other, old = lockout.device_token(OTHER_EMAIL), lockout.device_token(EMAIL)
    assert [_guess(device_token=other) for _ in range(6)] == [0] * 5 + [30]
    clock.forward(days=180)
    assert [_guess(device_token=old) for _ in range(6)] == [0] * 5 + [30]


def test_a_refund_takes_its_own_pause_along_and_no_other(clock: Clock) -> None:
    guesses = [lockout.spend("address", HERE) for _ in range(5)]
    lockout.refund(guesses[0])
    with pytest.raises(TooManyRequests):
        lockout.spend("address", HERE)
    lockout.refund(guesses[4])
    assert [lockout.spend("address", HERE).until > 0 for _ in range(2)] == [False, True]


def test_a_refund_of_what_is_forgotten_is_nothing(clock: Clock) -> None:
    guess = lockout.spend("address", HERE)
    lockout.forget(guess)
    lockout.refund(guess)
    assert list(Guesses.scan()) == []


def test_no_address_stands_in_the_table(clock: Clock) -> None:
    """PLAT-22."""
    _guess()
    assert all(EMAIL not in row.pk and HERE not in row.pk for row in Guesses.scan())


@given(number=st.integers(0, 10**6), moment=st.integers(0, 2**32))
def test_every_pause_ends_and_none_is_over_the_longest(number: int, moment: int) -> None:
    after = lockout.counted(State(number), ACCOUNT, moment)
    assert after.number == number + 1
    assert after.until == 0 or moment < after.until <= moment + ACCOUNT.longest_s
    if after.until:
        with pytest.raises(TooManyRequests) as refused:
            lockout.counted(after, ACCOUNT, after.until - 1)
        assert refused.value.retry_after_s == 1
        lockout.counted(after, ACCOUNT, after.until)


@given(st.lists(st.integers(0, 120), max_size=400), st.integers(1, 10))
def test_never_more_than_so_many_in_any_quarter_of_an_hour(waits: list[int], free: int) -> None:
    rule, state, moment, passed = Rule(free=free), State(), 0, []
    for wait in waits:
        moment += wait
        try:
            state = lockout.counted(state, rule, moment)
        except TooManyRequests:
            continue
        passed.append(moment)
    within = max((sum(1 for other in passed if each <= other < each + 900) for each in passed), default=0)
    assert within <= free + 5
