"""A new password by letter."""

from __future__ import annotations

import pyotp
import pytest

from functions.accounts.entry import email_change, passwords, reset, second_factor
from functions.accounts.entry.login import Challenge, Entry, login
from functions.accounts.tokens import sessions
from shared.clock import epoch_s, now
from shared.errors import InvalidField, TooManyRequests, Unauthorized
from tests.support.aws_calls import watched
from tests.support.clock import Clock, stopped
from tests.support.known_people import EMAIL, OTHER_EMAIL, PASSWORD
from tests.support.logins import AWAY, HOME, delivered, link, registered, subjects

NEW = "five quiet otters in a boat"


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


def _token() -> str:
    reset.ask(EMAIL, "en")
    return link("reset")


def test_a_letter_sets_a_new_password_and_ends_every_session() -> None:
    """PLAT-30, PLAT-31."""
    user_id = registered()
    login(EMAIL, PASSWORD, HOME)
    reset.confirm(_token(), NEW)
    assert sessions.sessions_of(user_id) == []
    assert passwords.verify(user_id, NEW)
    assert not passwords.verify(user_id, PASSWORD)
    assert subjects()[-1] == "Svyaz: your password was changed"


def test_sessions_end_in_the_same_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A crash right after the new password stands leaves no session of the old one."""
    user_id = registered()
    login(EMAIL, PASSWORD, HOME)
    token = _token()

    def crash(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sessions, "end_all", crash)
    with pytest.raises(KeyboardInterrupt):
        reset.confirm(token, NEW)
    assert passwords.verify(user_id, NEW)
    assert sessions.sessions_of(user_id) == []


@pytest.mark.parametrize(("days", "stays"), [(6, False), (7, True)])
def test_a_young_second_factor_goes_with_the_password(clock: Clock, days: int, *, stays: bool) -> None:
    """PLAT-34: whoever knew the password does not keep its owner out for ever with a second factor of his own."""
    user_id = registered()
    secret = second_factor.begin(user_id, EMAIL).secret
    second_factor.confirm(user_id, pyotp.TOTP(secret).generate_otp(epoch_s(now()) // 30))
    clock.forward(days=days)
    reset.confirm(_token(), NEW)
    assert second_factor.is_on(user_id) is stays
    assert isinstance(login(EMAIL, NEW, HOME), Challenge if stays else Entry)


def test_it_works_whatever_is_locked() -> None:
    """PLAT-34: nobody is locked out for ever."""
    registered()
    for _ in range(5):
        with pytest.raises(Unauthorized):
            login(EMAIL, "a wrong one of them", AWAY)
    with pytest.raises(TooManyRequests):
        login(EMAIL, PASSWORD, HOME)
    device_token = reset.confirm(_token(), NEW)
    with pytest.raises(TooManyRequests):
        login(EMAIL, NEW, AWAY)
    assert isinstance(login(EMAIL, NEW, HOME, device_token), Entry)


def test_a_link_works_once_and_for_an_hour(clock: Clock) -> None:
    registered()
    token = _token()
    reset.confirm(token, NEW)
    with pytest.raises(InvalidField):
        reset.confirm(token, "six quiet otters in a boat")
    late = _token()
    clock.forward(hours=1)
    with pytest.raises(InvalidField):
        reset.confirm(late, NEW)


def test_a_weak_password_leaves_the_link() -> None:
    registered()
    token = _token()
    for password in ("password1", EMAIL):
        with pytest.raises(InvalidField, match="Choose another"):
            reset.confirm(token, password)
    reset.confirm(token, NEW)


def test_it_stops_a_change_of_address_that_a_thief_has_begun() -> None:
    user_id = registered()
    email_change.ask(user_id, OTHER_EMAIL)
    stolen = link("email")
    reset.confirm(_token(), NEW)
    with pytest.raises(InvalidField):
        email_change.confirm(stolen.removeprefix("stop."))


def test_an_unknown_address_is_answered_alike_and_gets_no_letter() -> None:
    registered()
    calls = []
    for address in (EMAIL, OTHER_EMAIL):
        with watched("dynamodb") as database, watched("sqs") as queues:
            reset.ask(address, "en")
        calls.append([name for name, _ in (*database, *queues)])
    assert calls[0] == calls[1]
    assert [letter.destinations["ToAddresses"] for letter in delivered()] == [[EMAIL]]


@pytest.mark.parametrize("token", ["", "x", "ю", "A" * 2000])
def test_a_made_up_link_is_refused(token: str) -> None:
    with pytest.raises(InvalidField):
        reset.confirm(token, NEW)
