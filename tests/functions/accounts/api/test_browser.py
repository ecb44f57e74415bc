"""Login, refresh and logout over HTTP, for our pages."""

from __future__ import annotations

import json
from typing import Any

import pyotp
import pytest

from functions.accounts.api.browser import api
from functions.accounts.entry import second_factor
from functions.accounts.entry.cookies import NAME
from functions.accounts.tokens import sessions
from shared.clock import epoch_s, now
from tests.support.clock import Clock, stopped
from tests.support.http_events import Answer
from tests.support.known_people import EMAIL, PASSWORD
from tests.support.logins import CHROME, registered
from tests.support.signed_in import ask

BROWSER = "/v1/accounts/browser"
OURS = {"origin": "http://127.0.0.1:8000", "x-svyaz-csrf": "1", "user-agent": CHROME}


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


def _post(path: str, cookie: str = "", headers: dict[str, str] | None = None, **body: Any) -> Answer:
    sent = {**(OURS if headers is None else headers), **({"cookie": cookie} if cookie else {})}
    return ask(api, None, "POST", f"{BROWSER}/{path}", json.dumps(body) if body else None, headers=sent)


def _login() -> Answer:
    return _post("login", email=EMAIL, password=PASSWORD)


def _cookie(answer: Answer) -> str:
    """What the browser sends back."""
    return answer.headers["set-cookie"].partition(";")[0]


def test_the_refresh_token_is_in_the_cookie_and_nowhere_else() -> None:
    """PLAT-31."""
    registered()
    answer = _login()
    assert sorted(answer.json) == ["access_token", "device_token", "expires_in_s"]
    assert _cookie(answer).removeprefix(f"{NAME}=") not in answer.text
    assert "HttpOnly; SameSite=Strict" in answer.headers["set-cookie"]


def test_refresh_and_logout() -> None:
    user_id = registered()
    first = _cookie(_login())
    refreshed = _post("refresh", first)
    second = _cookie(refreshed)
    assert refreshed.status == 200
    assert second != first
    assert "refresh_token" not in refreshed.json
    left = _post("logout", second)
    assert left.json == {"status": "done"}
    assert "Max-Age=0" in left.headers["set-cookie"]
    assert sessions.sessions_of(user_id) == []
    assert _post("refresh", second).status == 401


def test_a_used_cookie_ends_the_session() -> None:
    """PLAT-31: reuse detection; a copied cookie is worth nothing."""
    registered()
    first = _cookie(_login())
    second = _cookie(_post("refresh", first))
    assert _post("refresh", first).status == 401
    assert _post("refresh", second).status == 401


def test_logout_without_a_session_still_clears_the_cookie() -> None:
    for cookie in ("", f"{NAME}=made-up"):
        left = _post("logout", cookie)
        assert (left.status, "Max-Age=0" in left.headers["set-cookie"]) == (200, True)


def test_no_cookie_before_the_second_factor(clock: Clock) -> None:
    """PLAT-32."""
    user_id = registered()
    secret = second_factor.begin(user_id, EMAIL).secret
    second_factor.confirm(user_id, pyotp.TOTP(secret).generate_otp(epoch_s(now()) // 30))
    clock.forward(minutes=1)
    first = _login()
    assert "set-cookie" not in first.headers
    code = pyotp.TOTP(secret).generate_otp(epoch_s(now()) // 30)
    second = _post("login/second-factor", challenge=first.json["challenge"], code=code)
    assert _cookie(second).startswith(f"{NAME}=")


@pytest.mark.parametrize("path", ["login", "login/second-factor", "refresh", "logout"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "http://127.0.0.1:8000"},
        {"x-svyaz-csrf": "1"},
        {"origin": "https://evil.example", "x-svyaz-csrf": "1"},
        {"origin": "null", "x-svyaz-csrf": "1"},
    ],
)
def test_other_sites_may_not_ask(path: str, headers: dict[str, str]) -> None:
    """CSRF: a foreign origin, or none, or no header of ours."""
    user_id = registered()
    cookie = _cookie(_login())
    bodies: dict[str, dict[str, Any]] = {
        "login": {"email": EMAIL, "password": PASSWORD},
        "login/second-factor": {"challenge": "x", "code": "123456"},
    }
    answer = _post(path, cookie, headers, **bodies.get(path, {}))
    assert (answer.status, answer.json["type"]) == (403, "/docs#forbidden")
    assert "set-cookie" not in answer.headers
    assert len(sessions.sessions_of(user_id)) == 1
    assert _post("refresh", cookie).status == 200


def test_no_other_site_is_told_that_it_may_read_answers() -> None:
    assert not any(operation.cors for operation in api.operations)
