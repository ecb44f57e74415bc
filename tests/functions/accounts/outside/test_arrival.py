"""The way to VK ID and back, as a browser goes it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from aiohttp import web

from functions.accounts.entry import cookies, second_factor
from functions.accounts.models import IdentityKind, Tokens
from functions.accounts.outside import cookie, link
from functions.accounts.outside.person import OutsidePerson
from functions.accounts.people import identities
from functions.accounts.tokens import sessions
from shared.audit import AuditRow
from shared.clock import epoch_s
from shared.identity import Caller
from shared.settings import settings
from tests.functions.accounts.outside.browsers import Browser
from tests.functions.accounts.outside.conftest import CALLBACK
from tests.support.clock import Clock
from tests.support.known_people import EMAIL, PASSWORD
from tests.support.logins import HOME, registered
from tests.support.vkid import OLGA, LoopbackVkId, declined, picked

PAGE = "http://127.0.0.1:8000/account"
LEAVE, RETURN = "/v1/accounts/login/vk", "/v1/accounts/login/vk/callback"
CONNECT = "/v1/accounts/me/identities/vk"


def left(browser: Browser) -> str:
    """Where a browser is sent that wants to sign in by VK ID."""
    status, _ = browser.ask("GET", LEAVE)
    assert status == 302
    return browser.headers["location"]


def arrived(browser: Browser, query: Any) -> str:
    """Where a browser is sent that comes back."""
    status, _ = browser.ask("GET", RETURN, query=query)
    assert status == 302
    return browser.headers["location"]


def failure(location: str) -> str:
    """Why somebody is not signed in."""
    page, _, told = location.partition("#")
    assert page == PAGE
    return parse_qs(told)["failed"][0]


def signed_in_caller(user_id: str) -> Caller:
    """Somebody with a session of his own."""
    assert isinstance(sessions.open_session(user_id, "", ("password",), HOME), Tokens)
    (session, *_) = sessions.sessions_of(user_id)
    return Caller("user", user_id, session_id=session.id)


def owner() -> str:
    """Whose Olga's VK ID is."""
    return identities.owner_of(IdentityKind.VK, str(OLGA.user_id))


def test_a_browser_comes_back_signed_in(vkid: LoopbackVkId) -> None:
    """PLAT-30: login by VK ID."""
    browser = Browser()
    url = left(browser)
    assert url.startswith(f"{vkid.base_url}/authorize?")
    assert parse_qs(urlsplit(url).query)["redirect_uri"] == [CALLBACK]
    (kept,) = browser.set_cookies
    assert kept.endswith("; Max-Age=600; Path=/; HttpOnly; SameSite=Lax")
    assert arrived(browser, picked(url)) == PAGE
    assert cookie.NAME not in browser.cookies
    assert browser.headers["cache-control"] == "no-store"
    refreshed = sessions.refresh(
        cookies.refresh_token_of({"cookie": f"svyaz_session={browser.cookies['svyaz_session']}"}), HOME
    )
    assert refreshed.access_token
    assert len(sessions.sessions_of(owner())) == 1


def test_beyond_ones_own_machine_the_cookie_is_for_one_host_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cookie, "settings", lambda: settings()._replace(stage="prod"))
    assert cookie.kept("x") == "__Host-svyaz_outside=x; Max-Age=600; Path=/; HttpOnly; SameSite=Lax; Secure"
    assert cookie.state_of({"cookie": "__Host-svyaz_outside=x; svyaz_outside=y"}) == "x"


@pytest.mark.parametrize("header", ["", "a=b", "svyaz_outside", "\x00=;;;=,", "svyaz_outside=" + "x" * 5000])
def test_strange_cookies_are_no_state(vkid: LoopbackVkId, header: str) -> None:
    url = left(Browser())
    other = Browser()
    status, _ = other.ask("GET", RETURN, query=picked(url), headers={"cookie": header})
    assert (status, failure(other.headers["location"])) == (302, "unauthorized")


def test_another_browser_is_not_signed_in(vkid: LoopbackVkId) -> None:
    """Nobody is led into a stranger's account by a link."""
    mine, his = Browser(), Browser()
    brought = picked(left(mine))
    left(his)
    for browser in (his, Browser()):
        assert failure(arrived(browser, brought)) == "unauthorized"
        assert "svyaz_session" not in browser.cookies


def test_a_return_is_good_once(vkid: LoopbackVkId) -> None:
    browser = Browser()
    brought = picked(left(browser))
    state = browser.cookies[cookie.NAME]
    arrived(browser, brought)
    browser.cookies = {cookie.NAME: state}
    assert failure(arrived(browser, brought)) == "unauthorized"
    assert "svyaz_session" not in browser.cookies


def test_whoever_declines_is_told_so(vkid: LoopbackVkId) -> None:
    browser = Browser()
    assert failure(arrived(browser, declined(left(browser)))) == "unauthorized"


def test_who_came_and_who_was_refused_is_in_the_audit_log(vkid: LoopbackVkId) -> None:
    """PLAT-35: a return is a request that changes something."""
    browser = Browser()
    brought = picked(left(browser))
    arrived(browser, brought)
    arrived(Browser(), brought)
    rows = {row.action: row for row in AuditRow.scan()}
    assert (rows["accounts.user.created"].actor_kind, rows["accounts.user.created"].way) == ("guest", "http")
    assert rows["accounts.session.opened"].actor_id == owner()
    assert (rows["accounts.return_from_vk"].result, rows["accounts.return_from_vk"].reason) == (
        "refused",
        "unauthorized",
    )


def test_trouble_of_vk_id_is_told(vkid: LoopbackVkId) -> None:
    browser = Browser()
    brought = picked(left(browser))
    vkid.server.trouble = web.Response(status=500)
    assert failure(arrived(browser, brought)) == "provider-unavailable"


@pytest.mark.parametrize(
    "more",
    [
        {"redirect_uri": "https://evil.example/"},
        {"next": "//evil.example"},
        {"return_to": "https://evil.example/"},
        {"error": "access_denied", "error_uri": "https://evil.example/"},
        {"error": "x#@evil.example/\r\nLocation: https://evil.example/"},
    ],
)
def test_nobody_is_sent_anywhere_but_to_our_page(vkid: LoopbackVkId, more: dict[str, str]) -> None:
    """No open redirect."""
    browser = Browser()
    location = arrived(browser, picked(left(browser)) | more)
    assert location.partition("#")[0] == PAGE
    assert "evil" not in location


def test_where_to_is_not_for_the_browser_to_say(vkid: LoopbackVkId) -> None:
    browser = Browser()
    status, _ = browser.ask(
        "GET", LEAVE, query={"redirect_uri": "https://evil.example/", "return_to": "//evil.example"}
    )
    assert status == 302
    assert "evil" not in browser.headers["location"]


@pytest.mark.parametrize("name", ["state", "code", "device_id", "error"])
def test_huge_fields_are_refused(vkid: LoopbackVkId, name: str) -> None:
    browser = Browser()
    brought = picked(left(browser))
    status, told = browser.ask("GET", RETURN, query={**brought, name: "x" * 4000})
    assert status == 422
    assert told["errors"][0]["field"] == name


def test_a_field_twice_is_refused(vkid: LoopbackVkId) -> None:
    browser = Browser()
    brought = picked(left(browser))
    status, _ = browser.ask("GET", RETURN, query=[*brought.items(), ("state", "x")])
    assert status == 422


def test_the_page_asks_for_the_second_factor(vkid: LoopbackVkId, clock: Clock) -> None:
    """PLAT-32: neither does this way in go round it."""
    browser = Browser()
    arrived(browser, picked(left(browser)))
    secret = second_factor.begin(owner(), "x").secret
    second_factor.confirm(owner(), pyotp.TOTP(secret).generate_otp(epoch_s(clock.moment) // 30))
    other = Browser()
    page, _, told = arrived(other, picked(left(other))).partition("#")
    assert page == PAGE
    assert list(parse_qs(told)) == ["challenge"]
    assert "svyaz_session" not in other.cookies


def test_a_signed_in_person_connects_his_vk_id(vkid: LoopbackVkId) -> None:
    user_id = registered(EMAIL)
    browser = Browser()
    status, told = browser.ask("POST", CONNECT, {"password": PASSWORD}, who=signed_in_caller(user_id))
    assert status == 200
    assert arrived(browser, picked(told["url"])) == f"{PAGE}#connected=vk"
    assert "svyaz_session" not in browser.cookies
    assert owner() == user_id


def test_without_the_password_nothing_is_connected(vkid: LoopbackVkId) -> None:
    """What a stolen token must not do."""
    who = signed_in_caller(registered(EMAIL))
    for body in ({}, {"password": "x"}):
        browser = Browser()
        status, _ = browser.ask("POST", CONNECT, body, who=who)
        assert (status, browser.cookies) == (401, {})


def test_a_session_that_ended_meanwhile_connects_nothing(vkid: LoopbackVkId) -> None:
    user_id = registered(EMAIL)
    who = signed_in_caller(user_id)
    browser = Browser()
    _, told = browser.ask("POST", CONNECT, {"password": PASSWORD}, who=who)
    sessions.end(user_id, who.session_id)
    assert failure(arrived(browser, picked(told["url"]))) == "unauthorized"
    assert owner() == ""


def test_a_vk_id_of_somebody_else_is_not_connected(vkid: LoopbackVkId) -> None:
    link.enter(OutsidePerson(IdentityKind.VK, str(OLGA.user_id), "Olga"), HOME, "en")
    browser = Browser()
    _, told = browser.ask("POST", CONNECT, {"password": PASSWORD}, who=signed_in_caller(registered(EMAIL)))
    assert failure(arrived(browser, picked(told["url"]))) == "conflict"


def test_a_vk_id_is_disconnected(vkid: LoopbackVkId) -> None:
    user_id = registered(EMAIL)
    link.connect(user_id, OutsidePerson(IdentityKind.VK, str(OLGA.user_id), "Olga"))
    browser, who = Browser(), signed_in_caller(user_id)
    assert browser.ask("DELETE", CONNECT, who=who)[0] == 200
    assert browser.ask("DELETE", CONNECT, who=who)[0] == 404
    assert owner() == ""


def test_strangers_connect_nothing(vkid: LoopbackVkId) -> None:
    assert Browser().ask("POST", CONNECT, {"password": PASSWORD})[0] == 401


def test_where_vk_id_is_not_set_up_there_is_no_way_to_it(aws: None) -> None:
    assert Browser().ask("GET", LEAVE)[0] == 404
