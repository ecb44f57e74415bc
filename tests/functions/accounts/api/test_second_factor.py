"""HTTP routes of one's own second factor."""

from __future__ import annotations

import json
from typing import Any

import pyotp
import pytest

from functions.accounts.api.second_factor import api
from functions.accounts.entry import second_factor
from functions.accounts.tokens import sessions
from shared.clock import epoch_s
from shared.identity import Caller
from tests.support.clock import Clock, stopped
from tests.support.known_people import EMAIL, PASSWORD
from tests.support.logins import HOME, registered, subjects
from tests.support.signed_in import ask

ROOT = "/v1/accounts/me/second-factor"


class Owner:
    """A person who is signed in, with his authenticator."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.id = registered(EMAIL)
        sessions.open_session(self.id, "", ("password",), HOME)
        self.caller = Caller("user", self.id, session_id=sessions.sessions_of(self.id)[0].id)
        self.secret = ""

    def ask(self, method: str, path: str = "", body: Any = None, code: str | None = None) -> tuple[int, Any]:
        """Status and body of an answer."""
        headers = {} if code is None else {"x-svyaz-code": code}
        text = None if body is None else json.dumps(body)
        answer = ask(api, self.caller, method, ROOT + path, text, headers=headers)
        return answer.status, answer.json

    def code(self) -> str:
        """What the authenticator shows next."""
        self.clock.forward(30)
        return pyotp.TOTP(self.secret).generate_otp(epoch_s(self.clock.moment) // 30)

    def set_up(self) -> list[str]:
        """The recovery codes of a second factor that is on now."""
        status, begun = self.ask("POST", body={"password": PASSWORD})
        assert status == 201
        self.secret = begun["secret"]
        status, told = self.ask("POST", "/confirm", {"code": self.code()})
        assert status == 200
        codes: list[str] = told["codes"]
        return codes


@pytest.fixture
def owner(aws: None, monkeypatch: pytest.MonkeyPatch) -> Owner:
    """Somebody signed in."""
    return Owner(stopped(monkeypatch))


def test_a_person_sets_his_second_factor_up(owner: Owner) -> None:
    """PLAT-32: TOTP with ten recovery codes, optional for everybody."""
    status, begun = owner.ask("POST", body={"password": PASSWORD})
    assert status == 201
    assert begun["uri"].startswith("otpauth://totp/Svyaz:olga.lipova%40example.org?secret=")
    assert begun["svg"].startswith("<svg")
    assert "<script" not in begun["svg"]
    owner.secret = begun["secret"]
    status, told = owner.ask("POST", "/confirm", {"code": owner.code()})
    assert (status, len(told["codes"])) == (200, 10)
    assert second_factor.is_on(owner.id)


def test_its_owner_is_told_when_it_goes_on_and_off(owner: Owner) -> None:
    """Whoever had his password for an hour would lock him out by one of his own."""
    codes = owner.set_up()
    assert subjects() == ["Svyaz: a way into your account was changed"]
    assert owner.ask("DELETE", code=codes[0])[0] == 200
    assert subjects() == ["Svyaz: a way into your account was changed"] * 2


@pytest.mark.parametrize("body", [{}, {"password": "wrong"}])
def test_it_takes_the_password(owner: Owner, body: dict[str, str]) -> None:
    """A stolen token does not lock its person out."""
    assert owner.ask("POST", body=body)[0] == 401


def test_what_is_on_is_not_begun_again(owner: Owner) -> None:
    owner.set_up()
    assert owner.ask("POST", body={"password": PASSWORD})[0] == 409


def test_a_wrong_code_confirms_nothing(owner: Owner) -> None:
    owner.ask("POST", body={"password": PASSWORD})
    assert owner.ask("POST", "/confirm", {"code": "x" * 12})[0] == 401
    assert not second_factor.is_on(owner.id)


@pytest.mark.parametrize("code", ["", "1", "1" * 41, "1" * 5000, 123456, None])
def test_what_is_no_code_is_not_read(owner: Owner, code: Any) -> None:
    assert owner.ask("POST", "/confirm", {"code": code})[0] in {413, 422}


def test_new_recovery_codes_take_a_code(owner: Owner) -> None:
    codes = owner.set_up()
    assert owner.ask("POST", "/recovery-codes", {"code": "x" * 10})[0] == 401
    status, told = owner.ask("POST", "/recovery-codes", {"code": codes[0]})
    assert status == 200
    assert not set(told["codes"]) & set(codes)
    assert owner.ask("POST", "/recovery-codes", {"code": codes[1]})[0] == 401


def test_switching_off_takes_a_code(owner: Owner) -> None:
    owner.set_up()
    for code, status in ((None, 422), ("", 422), ("x" * 41, 422), ("x" * 10, 401)):
        assert owner.ask("DELETE", code=code)[0] == status
    assert second_factor.is_on(owner.id)
    assert owner.ask("DELETE", code=owner.code())[0] == 200
    assert not second_factor.is_on(owner.id)


def test_guessing_is_answered_with_when_to_come_back(owner: Owner) -> None:
    """PLAT-34: the lock is told, and it ends."""
    codes = owner.set_up()
    for _ in range(5):
        assert owner.ask("DELETE", code="aaaaa-aaaaa")[0] == 401
    answer = ask(api, owner.caller, "DELETE", ROOT, headers={"x-svyaz-code": codes[0]})
    assert (answer.status, answer.headers["retry-after"]) == (429, "300")
    owner.clock.forward(300)
    assert owner.ask("DELETE", code=codes[0])[0] == 200


@pytest.mark.parametrize(("method", "path"), [("POST", ""), ("POST", "/confirm"), ("DELETE", "")])
def test_strangers_have_no_second_factor(aws: None, method: str, path: str) -> None:
    assert ask(api, None, method, ROOT + path, "{}" if method == "POST" else None).status == 401
