"""HTTP routes of logins by Telegram, and of what a person is found by."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from functions.accounts.models import IdentityKind
from functions.accounts.outside import link
from functions.accounts.outside.person import OutsidePerson
from functions.accounts.people import identities
from functions.accounts.tokens import sessions
from shared import aws, secrets
from shared.clock import now
from shared.identity import Caller
from shared.secrets import path
from tests.functions.accounts.outside import telegram_logins
from tests.functions.accounts.outside.browsers import Browser
from tests.functions.accounts.outside.telegram_logins import signed
from tests.support.hostile import texts
from tests.support.known_people import EMAIL, PASSWORD
from tests.support.logins import HOME, registered

LOGIN, BROWSER_LOGIN = "/v1/accounts/login/telegram", "/v1/accounts/browser/login/telegram"
IDENTITIES, TELEGRAM = "/v1/accounts/me/identities", "/v1/accounts/me/identities/telegram"
OURS = {"origin": "http://127.0.0.1:8000", "x-svyaz-csrf": "1"}


@pytest.fixture(autouse=True)
def _bot(aws: None) -> None:
    """A bot to sign in by."""
    telegram_logins.set_up()


def owner(number: int = 700000001) -> str:
    """Whose a Telegram account is."""
    return identities.owner_of(IdentityKind.TELEGRAM, str(number))


def caller(user_id: str) -> Caller:
    """Somebody with a session of his own."""
    sessions.open_session(user_id, "", ("password",), HOME)
    return Caller("user", user_id, session_id=sessions.sessions_of(user_id)[0].id)


def test_a_login_gives_tokens() -> None:
    """PLAT-30: login by Telegram."""
    status, told = Browser().ask("POST", LOGIN, signed(now()))
    assert status == 200
    assert told["access_token"]
    assert sessions.refresh(told["refresh_token"], HOME).access_token
    assert len(sessions.sessions_of(owner())) == 1


def test_fields_that_we_do_not_know_are_taken_as_they_are() -> None:
    fields = signed(now(), allows_write_to_pm="true", level=3)
    assert Browser().ask("POST", LOGIN, {**fields, "level": 4})[0] == 401
    assert Browser().ask("POST", LOGIN, fields)[0] == 200


def test_a_browser_gets_its_refresh_token_in_a_cookie_alone() -> None:
    browser = Browser()
    status, told = browser.ask("POST", BROWSER_LOGIN, signed(now()), headers=OURS)
    assert status == 200
    assert "refresh_token" not in told
    assert sessions.refresh(browser.cookies["svyaz_session"], HOME).access_token


@pytest.mark.parametrize("headers", [{}, {**OURS, "origin": "https://evil.example"}, {"origin": OURS["origin"]}])
def test_another_sites_page_signs_nobody_in(headers: dict[str, str]) -> None:
    """Nobody is signed in to a stranger's account by a page that he looks at."""
    browser = Browser()
    status, _ = browser.ask("POST", BROWSER_LOGIN, signed(now()), headers=headers)
    assert (status, browser.cookies) == (403, {})


def test_the_same_login_again_is_refused() -> None:
    fields = signed(now())
    assert Browser().ask("POST", LOGIN, fields)[0] == 200
    assert Browser().ask("POST", LOGIN, fields)[0] == 401
    assert len(sessions.sessions_of(owner())) == 1


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"id": 700000002}, 401),
        ({"hash": "0" * 64}, 401),
        ({"hash": "A" * 64}, 422),
        ({"hash": None}, 422),
        ({"auth_date": 1}, 401),
        ({"auth_date": 2**33 - 1}, 401),
        ({"auth_date": 10**30}, 422),
        ({"id": 0}, 422),
        ({"id": [1]}, 422),
        ({"first_name": "x" * 600}, 422),
        ({"first_name": "Olga\nid=700000002"}, 422),
        ({"username": {"a": 1}}, 422),
        ({"extra=1\nid": "2"}, 422),
        ({"extra": True}, 422),
        ({"extra": "x" * 600}, 422),
        ({"extra": "a\nb"}, 422),
        ({"extra": 10**30}, 422),
        ({f"extra{number}": "x" for number in range(11)}, 422),
        ({"first_name": "x" * 20_000}, 413),
    ],
)
def test_what_is_not_telegrams_is_refused(change: dict[str, Any], status: int) -> None:
    given = {name: value for name, value in (signed(now()) | change).items() if value is not None}
    assert Browser().ask("POST", LOGIN, given)[0] == status
    assert owner() == ""


@given(
    body=st.dictionaries(
        st.sampled_from(["id", "first_name", "auth_date", "hash", "x"]) | texts(10), texts(70) | st.integers()
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_sent_nobody_gets_in(body: dict[str, Any]) -> None:
    assert Browser().ask("POST", LOGIN, body)[0] in {400, 401, 422, 429}


def test_people_are_told_what_they_may_sign_in_by() -> None:
    status, told = Browser().ask("GET", "/v1/accounts/login/outside")
    assert (status, told["telegram_bot"], told["vk"]) == (200, "svyaz_anna_bot", False)
    page = urlsplit(told["telegram_url"])
    assert (page.netloc, page.path) == ("oauth.telegram.org", "/auth")
    asked = {"bot_id": "100001", "origin": OURS["origin"], "return_to": f"{OURS['origin']}/account"}
    assert dict(parse_qsl(page.query)) == asked


def test_where_nothing_is_set_up_there_is_a_password() -> None:
    aws.client("ssm").delete_parameter(Name=path("login/telegram"))
    secrets.forget()
    assert Browser().ask("GET", "/v1/accounts/login/outside") == (200, {"vk": False})
    assert Browser().ask("POST", LOGIN, signed(now()))[0] == 404


def test_a_signed_in_person_connects_his_telegram() -> None:
    user_id = registered(EMAIL)
    who, browser = caller(user_id), Browser()
    status, _ = browser.ask("POST", TELEGRAM, {"login": signed(now()), "password": PASSWORD}, who=who)
    assert (status, owner()) == (200, user_id)
    _, told = browser.ask("GET", IDENTITIES, who=who)
    assert told["items"] == [{"kind": "email", "label": EMAIL}, {"kind": "telegram", "label": "Ольга"}]


def test_without_the_password_nothing_is_connected() -> None:
    """What a stolen token must not do."""
    who = caller(registered(EMAIL))
    for more in ({}, {"password": "x"}):
        assert Browser().ask("POST", TELEGRAM, {"login": signed(now()), **more}, who=who)[0] == 401
    assert owner() == ""


def test_the_last_way_in_is_not_disconnected() -> None:
    Browser().ask("POST", LOGIN, signed(now()))
    who = caller(owner())
    assert Browser().ask("DELETE", TELEGRAM, who=who)[0] == 422
    link.connect(owner(), OutsidePerson(IdentityKind.VK, "5", "Olga"))
    assert Browser().ask("DELETE", TELEGRAM, who=who)[0] == 200
    assert owner() == ""


def test_a_telegram_of_somebody_else_is_not_connected() -> None:
    Browser().ask("POST", LOGIN, signed(now()))
    his = owner()
    body = {"login": signed(now(), username="again"), "password": PASSWORD}
    assert Browser().ask("POST", TELEGRAM, body, who=caller(registered(EMAIL)))[0] == 409
    assert owner() == his


@pytest.mark.parametrize(("method", "resource"), [("GET", IDENTITIES), ("POST", TELEGRAM), ("DELETE", TELEGRAM)])
def test_strangers_have_no_identities(method: str, resource: str) -> None:
    assert Browser().ask(method, resource, {} if method == "POST" else None)[0] == 401
