"""Login by password and second factor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyotp
import pytest

from functions.accounts.entry import lockout, passwords, reset, second_factor
from functions.accounts.entry.login import PURPOSE, Challenge, Entry, answer_challenge, challenge_for, login
from functions.accounts.people.users import find_active
from functions.accounts.tables import UserItem, user_key
from functions.accounts.tokens import access_tokens, sessions
from shared import suspicion
from shared.audit import AuditRow
from shared.clock import epoch_s, now
from shared.errors import InvalidField, TooManyRequests, Unauthorized
from shared.keys import seal
from tests.support.aws_calls import watched
from tests.support.clock import Clock, stopped
from tests.support.known_people import EMAIL, OTHER_EMAIL, PASSWORD
from tests.support.logins import AWAY, HOME, delivered, link, registered, subjects, tokens

WRONG = "a wrong one of them"
NEW = "five quiet otters in a boat"
OUTSIDE = "telegram"


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


@pytest.fixture
def secret() -> str:
    """The secret of the second factor that the registered person has."""
    user_id = registered()
    enrolment = second_factor.begin(user_id, EMAIL)
    second_factor.confirm(user_id, _code(enrolment.secret))
    return enrolment.secret


def _code(secret: str) -> str:
    return pyotp.TOTP(secret).generate_otp(epoch_s(now()) // 30)


def _challenge() -> str:
    given = login(EMAIL, PASSWORD, HOME)
    assert isinstance(given, Challenge)
    return given.token


def _refused(*given: Any, ask: Callable[..., Any] = login) -> str:
    with pytest.raises((Unauthorized, TooManyRequests)) as refused:
        ask(*given)
    return refused.value.detail


def test_the_right_password_opens_a_session() -> None:
    """PLAT-30, PLAT-31."""
    user_id = registered()
    given = login(EMAIL.upper(), PASSWORD, HOME)
    caller = access_tokens.read(tokens(given).access_token, now()).caller
    assert caller.subject == user_id
    (session,) = sessions.sessions_of(user_id)
    assert (session.id, session.network, session.device) == (caller.session_id, "203.0.113.0/24", "Chrome, Windows")
    assert session.methods == ("password",)


def test_wrong_password_and_unknown_address_are_told_alike() -> None:
    registered()
    assert _refused(EMAIL, WRONG, HOME) == _refused(OTHER_EMAIL, PASSWORD, HOME)


def test_the_request_does_the_same_for_every_address(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same calls to AWS and as many hashes, so the time tells nothing either."""
    registered()
    _refused("warm@example.org", WRONG, HOME)
    known, unknown = _calls(monkeypatch, EMAIL), _calls(monkeypatch, OTHER_EMAIL)
    assert known == unknown
    assert known[1] == 1


def _calls(monkeypatch: pytest.MonkeyPatch, address: str) -> tuple[list[str], int]:
    hashed: list[str] = []
    real = passwords.matches

    def noting(known: str, password: str) -> bool:
        hashed.append(known)
        return real(known, password)

    with monkeypatch.context() as patched, watched("dynamodb") as database, watched("sqs") as queues:
        patched.setattr(passwords, "matches", noting)
        _refused(address, WRONG, HOME)
    return [name for name, _ in (*database, *queues)], len(hashed)


def test_what_is_no_address_is_no_guess() -> None:
    for _ in range(10):
        with pytest.raises(InvalidField):
            login("nonsense", PASSWORD, HOME)


def test_who_was_removed_stays_out() -> None:
    user_id = registered()
    UserItem(user_key(user_id), "user").update([UserItem.status.set("removed")])
    assert _refused(EMAIL, PASSWORD, HOME) == "The address or the password is wrong."


def test_guesses_run_into_a_pause_that_ends(clock: Clock) -> None:
    """PLAT-34: also the right password waits, and works after the pause."""
    registered()
    for _ in range(5):
        assert "wrong" in _refused(EMAIL, WRONG, HOME)
    with pytest.raises(TooManyRequests) as refused:
        login(EMAIL, PASSWORD, AWAY)
    assert refused.value.retry_after_s == 30
    clock.forward(seconds=30)
    assert isinstance(login(EMAIL, PASSWORD, AWAY), Entry)
    assert "wrong" in _refused(EMAIL, WRONG, HOME)


def test_an_unknown_address_runs_into_the_same_pause() -> None:
    answers = [_refused(OTHER_EMAIL, WRONG, HOME) for _ in range(7)]
    registered()
    assert [_refused(EMAIL, WRONG, HOME) for _ in range(7)] == answers


def test_ones_own_device_is_not_locked_by_strangers() -> None:
    registered()
    given = login(EMAIL, PASSWORD, HOME)
    assert isinstance(given, Entry)
    for _ in range(10):
        _refused(EMAIL, WRONG, AWAY)
    assert "Too many" in _refused(EMAIL, PASSWORD, HOME)
    assert isinstance(login(EMAIL, PASSWORD, HOME, given.device_token), Entry)


def test_a_second_factor_is_asked_for_and_no_token_given_before(secret: str, clock: Clock) -> None:
    """PLAT-32."""
    challenge = _challenge()
    clock.forward(minutes=1)
    given = answer_challenge(challenge, _code(secret), HOME)
    caller = access_tokens.read(given.tokens.access_token, now()).caller
    (session,) = sessions.sessions_of(caller.subject)
    assert session.methods == ("password", "totp")
    for _ in range(10):
        _refused(EMAIL, WRONG, AWAY)
    assert isinstance(login(EMAIL, PASSWORD, HOME, given.device_token), Challenge)


def test_a_wrong_code_is_refused_and_guesses_of_codes_pause(secret: str) -> None:
    challenge = _challenge()
    answers = [_refused(challenge, "000000", HOME, ask=answer_challenge) for _ in range(6)]
    assert answers[0] == "The code is wrong."
    assert "Too many" in answers[-1]


def test_a_challenge_holds_for_five_minutes(secret: str, clock: Clock) -> None:
    challenge = _challenge()
    clock.forward(minutes=5)
    assert _refused(challenge, _code(secret), HOME, ask=answer_challenge) == "Sign in again."


@pytest.mark.parametrize("challenge", ["", "x", "ю", "A" * 2000])
def test_a_made_up_challenge_is_refused(challenge: str) -> None:
    assert _refused(challenge, "000000", HOME, ask=answer_challenge) == "Sign in again."


def test_a_token_of_another_purpose_is_no_challenge(secret: str) -> None:
    device = lockout.device_token(EMAIL)
    assert _refused(device, "000000", HOME, ask=answer_challenge) == "Sign in again."


def test_a_challenge_of_somebody_who_is_gone_is_refused() -> None:
    challenge = seal(PURPOSE, {"u": "usr_2", "m": ["password"], "a": "", "x": 2**40})
    assert _refused(challenge, "000000", HOME, ask=answer_challenge) == "Sign in again."


def test_a_challenge_from_before_a_new_password_is_void(secret: str, clock: Clock) -> None:
    """Whoever knew the old password shall not come in with it, however far he was."""
    challenge = _challenge()
    reset.ask(EMAIL, "en")
    reset.confirm(link("reset"), NEW)
    clock.forward(minutes=1)
    assert _refused(challenge, _code(secret), HOME, ask=answer_challenge) == "Sign in again."


def test_a_password_that_changes_while_it_is_checked_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The change comes between the check and the session."""
    user_id = registered()
    reset.ask(EMAIL, "en")
    token, check = link("reset"), passwords.verify

    def check_then_change(*given: str) -> bool:
        is_right = check(*given)
        monkeypatch.setattr(passwords, "verify", check)
        reset.confirm(token, NEW)
        return is_right

    monkeypatch.setattr(passwords, "verify", check_then_change)
    assert _refused(EMAIL, PASSWORD, HOME) == "Sign in again."
    assert sessions.sessions_of(user_id) == []


def test_who_came_by_another_way_gets_no_device_token(secret: str, clock: Clock) -> None:
    user_id = access_owner()
    clock.forward(minutes=1)
    user = find_active(user_id)
    assert user is not None
    given = answer_challenge(challenge_for(user_id, user, (OUTSIDE,)).token, _code(secret), HOME)
    assert given.device_token == ""
    assert sessions.sessions_of(user_id)[0].methods == (OUTSIDE, "totp")


def access_owner() -> str:
    """The one person that there is."""
    return next(row.pk for row in UserItem.scan() if row.sk == "user").removeprefix("user#")


def test_a_new_place_is_told_to_the_person_and_his_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-36."""
    told: list[tuple[str, ...]] = []
    monkeypatch.setattr(suspicion, "strange_place", lambda *given: told.append(given))
    user_id = registered()
    for place in (HOME, HOME, AWAY, AWAY):
        login(EMAIL, PASSWORD, place)
    assert told == [("", user_id, "198.51.100.0/24")]
    assert subjects() == ["Svyaz: a login from a new place"]
    assert "198.51.100.0/24" in delivered()[0].body
    assert "198.51.100.9" not in delivered()[0].body


def test_wrong_guesses_are_counted_and_written_down(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-35, PLAT-36: in the organisation of whoever they are aimed at; nobody's address is written down."""
    counted: list[str] = []
    monkeypatch.setattr(suspicion, "failed_login", lambda _org, subject: counted.append(subject))
    user_id = registered()
    _refused(EMAIL, WRONG, HOME)
    _refused(OTHER_EMAIL, WRONG, HOME)
    assert counted[0] == user_id
    assert len(counted) == 2
    rows = [row for row in AuditRow.scan() if row.action == "accounts.login"]
    assert sorted((row.thing, row.result) for row in rows) == sorted((subject, "refused") for subject in counted)
    assert OTHER_EMAIL not in str([row.attribute_values for row in rows])


def test_a_login_is_written_down_in_the_persons_name() -> None:
    user_id = registered()
    login(EMAIL, PASSWORD, HOME)
    (row,) = [row for row in AuditRow.scan() if row.action == "accounts.session.opened"]
    assert (row.actor_kind, row.actor_id, row.network) == ("user", user_id, "203.0.113.0/24")
