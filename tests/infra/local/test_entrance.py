"""One click from the start page: the product's own login answers, and nobody else gets in."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from infra.local.entrance import NotEntered, enter, page_of

PERSON = {"role": "master", "email": "anna@lipa.example", "password": "demo"}


class Login:
    """A product that answers each login in the same way."""

    def __init__(self) -> None:
        self.status, self.answer = 200, {"access_token": "t"}
        self.asked: list[tuple[dict[str, str], dict[str, str]]] = []

    async def serve(self, request: web.Request) -> web.Response:
        """Says what it was told to say."""
        self.asked.append((dict(request.headers), await request.json()))
        response = web.json_response(self.answer, status=self.status)
        response.headers["Set-Cookie"] = "svyaz_session=r; HttpOnly"
        return response


@pytest.fixture
def login() -> Login:
    """The product's login."""
    return Login()


def _enter(login: Login, folder: Path, email: str = PERSON["email"], name: str = "") -> web.Response:
    async def run() -> web.Response:
        application = web.Application()
        application.router.add_post("/v1/accounts/browser/login", login.serve)
        async with TestServer(application) as server:
            path = folder / "demo.json"
            path.write_text(json.dumps({"base_url": f"http://127.0.0.1:{server.port}", "people": [PERSON]}))
            host = f"{name or '127.0.0.1'}:{server.port}"
            return await enter({"email": email}, host, {"User-Agent": "Firefox", "Cookie": "svyaz_session=other"}, path)

    return asyncio.run(run())


def _told(response: web.Response) -> Any:
    assert response.text is not None
    return json.loads(response.text)


def test_a_person_is_signed_in_by_the_products_own_login(login: Login, tmp_path: Path) -> None:
    """PLAT-4: the browser gets the cookie and the page, neither password nor token."""
    response = _enter(login, tmp_path)
    assert (_told(response), response.headers["Set-Cookie"]) == ({"page": "/master"}, "svyaz_session=r; HttpOnly")
    ((headers, body),) = login.asked
    assert body == {"email": "anna@lipa.example", "password": "demo"}
    assert (headers["X-Svyaz-Csrf"], headers["User-Agent"]) == ("1", "Firefox")
    assert headers["Origin"].startswith("http://127.0.0.1:")
    assert "Cookie" not in headers


def test_who_has_a_second_factor_shows_it(login: Login, tmp_path: Path) -> None:
    login.answer = {"challenge": "a/b=&c"}
    assert _told(_enter(login, tmp_path)) == {"page": "/login#challenge=a%2Fb%3D%26c"}


def test_a_refused_login_says_why(login: Login, tmp_path: Path) -> None:
    login.status, login.answer = 401, {"detail": "The address or the password is wrong."}
    with pytest.raises(NotEntered, match="password is wrong"):
        _enter(login, tmp_path)


def test_under_another_name_the_way_leads_to_the_products_own(login: Login, tmp_path: Path) -> None:
    """The product refuses logins of pages that call it otherwise than itself."""
    response = _enter(login, tmp_path, name="localhost")
    assert (_told(response)["page"][:17], login.asked) == ("http://127.0.0.1:", [])


def test_strangers_are_not_entered_as(login: Login, tmp_path: Path) -> None:
    with pytest.raises(NotEntered):
        _enter(login, tmp_path, "eve@example.org")
    assert login.asked == []


@pytest.mark.parametrize(
    ("role", "page"), [("administrator", "/admin"), ("support", "/master"), ("analyst", "/account")]
)
def test_each_role_begins_on_its_page(role: str, page: str) -> None:
    assert page_of(role) == page


@pytest.mark.parametrize(("header", "value"), [("Origin", "https://evil.example"), ("Sec-Fetch-Site", "cross-site")])
def test_another_site_cannot_sign_a_browser_in(http: httpx.Client, header: str, value: str) -> None:
    """PLAT-34: a page elsewhere may not put a session of its choice into this browser."""
    answer = http.post("/_local/enter", json=PERSON, headers={header: value})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)


def test_without_demo_people_the_page_is_told(http: httpx.Client) -> None:
    answer = http.post("/_local/enter", json={"email": PERSON["email"]})
    assert (answer.status_code, answer.json()) == (422, {"error": "the demo has no such person"})
