"""Login, refresh and logout over HTTP, for programs."""

from __future__ import annotations

import json
from typing import Any

import pyotp
import pytest

from functions.accounts.api.login import api
from functions.accounts.entry import passwords, second_factor
from functions.accounts.tokens import access_tokens, sessions
from shared.clock import epoch_s, now
from shared.http.app import http_app
from shared.identity import Caller
from tests.support.clock import Clock, stopped
from tests.support.http_events import Answer
from tests.support.http_events import ask as ask_from
from tests.support.known_people import EMAIL, OTHER_EMAIL, PASSWORD
from tests.support.logins import CHROME, registered
from tests.support.signed_in import ask

LOGIN, TOKENS = "/v1/accounts/login", "/v1/accounts/tokens"


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


def _post(path: str, who: Caller | None = None, **body: Any) -> Answer:
    return ask(api, who, "POST", path, json.dumps(body), headers={"user-agent": CHROME})


def _login(email: str = EMAIL, password: str = PASSWORD, **more: str) -> Answer:
    return _post(LOGIN, None, email=email, password=password, **more)


def test_login_refresh_logout() -> None:
    """PLAT-30, PLAT-31."""
    user_id = registered()
    first = _login()
    assert first.status == 200
    assert first.headers["cache-control"] == "no-store"
    assert first.json["expires_in_s"] == 600
    second = _post(TOKENS, refresh_token=first.json["refresh_token"]).json
    assert second["refresh_token"] != first.json["refresh_token"]
    caller = access_tokens.read(second["access_token"], now()).caller
    assert _post("/v1/accounts/logout", caller).json == {"status": "done"}
    assert sessions.sessions_of(user_id) == []
    assert _post(TOKENS, refresh_token=second["refresh_token"]).status == 401


def test_the_session_names_the_device() -> None:
    user_id = registered()
    _login()
    assert sessions.sessions_of(user_id)[0].device == "Chrome, Windows"


def test_wrong_is_wrong_in_the_same_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Status, body and headers are the same but for the id of the request."""
    registered()
    answers = [_login(password="a wrong one of them"), _login(OTHER_EMAIL)]
    assert [answer.status for answer in answers] == [401, 401]
    first, second = ({**answer.json, "correlation_id": ""} for answer in answers)
    assert first == second
    assert set(answers[0].headers) == set(answers[1].headers)


def test_after_five_wrong_ones_it_says_when_to_come_back() -> None:
    """PLAT-34."""
    registered()
    statuses = [_login(password="a wrong one of them").status for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert _login().headers["retry-after"] == "30"


def test_a_device_token_keeps_ones_own_device_out_of_that() -> None:
    registered()
    token = _login().json["device_token"]
    for _ in range(6):
        _login(password="a wrong one of them")
    assert _login(device_token=token).status == 200


def test_with_a_second_factor_there_is_no_token_before_the_code(clock: Clock) -> None:
    """PLAT-32."""
    user_id = registered()
    secret = second_factor.begin(user_id, EMAIL).secret
    second_factor.confirm(user_id, _code(secret))
    clock.forward(minutes=1)
    told = _login().json
    assert list(told) == ["challenge"]
    path = f"{LOGIN}/second-factor"
    assert _post(path, challenge=told["challenge"], code="not-a-code").status == 401
    assert _post(path, challenge="made-up", code=_code(secret)).status == 401
    assert "access_token" in _post(path, challenge=told["challenge"], code=_code(secret)).json


def _code(secret: str) -> str:
    return pyotp.TOTP(secret).generate_otp(epoch_s(now()) // 30)


@pytest.mark.parametrize(
    "body",
    [
        {"email": EMAIL, "password": "x" * 300},
        {"email": EMAIL, "password": ""},
        {"email": EMAIL, "password": None},
        {"email": EMAIL, "password": ["x"] * 8},
        {"email": "x" * 300, "password": PASSWORD},
        {"email": "nonsense", "password": PASSWORD},
        {"email": EMAIL},
        {"email": EMAIL, "password": PASSWORD, "next": "//evil.example"},
        {"email": EMAIL, "password": PASSWORD, "device_token": "x" * 3000},
    ],
)
def test_what_cannot_be_right_is_never_hashed(body: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "verify", None)
    assert _post(LOGIN, **body).status == 422


def test_ten_megabytes_of_password_are_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "verify", None)
    assert _login(password="x" * 10_000_000).status == 413


def test_one_address_may_not_ask_for_ever() -> None:
    """PLAT-34."""

    app = http_app(api)
    statuses = [ask_from(app, "POST", LOGIN, "{}").status for _ in range(61)]
    assert statuses == [422] * 60 + [429]


def test_logout_wants_a_session() -> None:
    assert _post("/v1/accounts/logout").status == 401
