"""The start page's one click: signs a browser in as one of the demo's people, through the product's real login."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import aiohttp
from aiohttp import web

LOGIN: Final = "/v1/accounts/browser/login"
TIMEOUT_S: Final = 20.0
OWN_PAGE: Final = "/account"
PAGES: Final = {"administrator": "/admin", "master": "/master", "support": "/master"}
_PASSED_ON: Final = ("User-Agent", "Accept-Language")


class NotEntered(Exception):
    """Nobody was signed in; the text says why."""


def page_of(role: str) -> str:
    """The page that a role's work begins on."""
    return PAGES.get(role, OWN_PAGE)


async def enter(asked: Mapping[str, Any], host: str, headers: Mapping[str, str], demo_path: Path) -> web.Response:
    """The page to go to, with the session's cookie; without one where the browser knows us by another name.

    Raises: NotEntered; OSError where the product does not answer.
    """
    demo = read_demo(demo_path)
    if "base_url" in demo and urlsplit(demo["base_url"]).netloc != host:
        return web.json_response({"page": demo["base_url"]})
    person = next((one for one in demo.get("people", ()) if one["email"] == asked.get("email")), None)
    if person is None:
        raise NotEntered("the demo has no such person")
    sent = {name: headers[name] for name in _PASSED_ON if name in headers}
    status, told, cookies = await _login(demo["base_url"], person, sent)
    if status != web.HTTPOk.status_code:
        raise NotEntered(str(told.get("detail", "the login was refused")))
    response = web.json_response({"page": _page(told, person["role"])})
    for cookie in cookies:
        response.headers.add("Set-Cookie", cookie)
    return response


def read_demo(demo_path: Path) -> dict[str, Any]:
    """What `demo.json` says; nothing where there is none."""
    try:
        found = json.loads(demo_path.read_bytes())
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _page(told: Mapping[str, Any], role: str) -> str:
    """Where the person goes on: where he switched a second factor on, he shows it as everybody does."""
    challenge = told.get("challenge")
    return f"/login#{urlencode({'challenge': challenge})}" if challenge else page_of(role)


async def _login(
    base_url: str, person: Mapping[str, str], headers: Mapping[str, str]
) -> tuple[int, dict[str, Any], list[str]]:
    content = {"email": person["email"], "password": person["password"]}
    own = {**headers, "Origin": base_url, "X-Svyaz-Csrf": "1"}
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_S)
    async with (
        aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session,
        session.post(base_url + LOGIN, json=content, headers=own) as answer,
    ):
        told = await answer.json(content_type=None)
        return answer.status, told, answer.headers.getall("Set-Cookie", [])
