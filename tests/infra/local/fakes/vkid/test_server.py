"""The loopback VK ID, over HTTP."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from aiohttp import ClientSession

from infra.local.fakes.vkid import DEMO_PEOPLE, Application, VkIdServer
from infra.local.fakes.vkid.state import CODE_LIFE, TOKEN_LIFE

CLIENT, CALLBACK = "51000001", "http://127.0.0.1:8000/callback"
STATE, VERIFIER = "s" * 32, "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": CLIENT,
    "redirect_uri": CALLBACK,
    "state": STATE,
    "code_challenge": CHALLENGE,
    "code_challenge_method": "s256",
    "scope": "vkid.personal_info email",
}
OLGA, NINO = DEMO_PEOPLE


class Links(HTMLParser):
    """The addresses of a page's links."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps the address of a link."""
        if tag == "a":
            self.found.append(dict(attrs)["href"] or "")


@dataclass
class Stage:
    """A server, its clock, and a browser that is sent nowhere by itself."""

    http: ClientSession
    base_url: str
    now: datetime = datetime(2026, 11, 20, tzinfo=UTC)

    async def page(self, **change: str) -> tuple[int, str]:
        """What a person sees who is sent to VK ID."""
        async with self.http.get(f"{self.base_url}/authorize", params=ASKED | change) as answer:
            return answer.status, await answer.text()

    async def clicked(self, number: int, **change: str) -> dict[str, str]:
        """What the browser brings back that clicks on one of the page's links."""
        status, page = await self.page(**change)
        assert status == 200
        async with self.http.get(f"{self.base_url}/{Links(page).found[number]}", allow_redirects=False) as answer:
            assert answer.status == 302
            location = answer.headers["Location"]
        assert location.startswith(f"{CALLBACK}?")
        return dict(parse_qsl(urlsplit(location).query))

    async def post(self, path: str, form: dict[str, Any], query: dict[str, str] | None = None) -> tuple[int, Any]:
        """Status and body of an answer."""
        async with self.http.post(self.base_url + path, data=form, params=query) as answer:
            return answer.status, await answer.json()

    async def exchanged(self, brought: dict[str, str], **change: str) -> tuple[int, Any]:
        """What a code is exchanged for."""
        form = {
            "grant_type": "authorization_code",
            "client_id": CLIENT,
            "redirect_uri": CALLBACK,
            "code": brought["code"],
            "device_id": brought["device_id"],
            "code_verifier": VERIFIER,
            "state": "another-state-of-the-exchange-itself",
        }
        return await self.post("/oauth2/auth", form | change)


def play(scenario: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Turns `async def test(stage, ...)` into a test with a server of its own."""

    async def run(given: dict[str, Any]) -> None:
        async with ClientSession() as http:
            stage = Stage(http, "")
            server = VkIdServer([Application(CLIENT, (CALLBACK,))], clock=lambda: stage.now)
            async with server.listening() as stage.base_url:
                await scenario(stage, **given)

    def test(**given: Any) -> None:
        asyncio.run(run(given))

    names = [value for name, value in inspect.signature(scenario).parameters.items() if name != "stage"]
    test.__name__, test.__doc__ = scenario.__name__, scenario.__doc__
    test.__signature__ = inspect.Signature(names)  # type: ignore[attr-defined]
    return test


@play
async def test_a_click_gives_a_code_and_the_code_a_profile(stage: Stage) -> None:
    brought = await stage.clicked(0)
    assert brought.keys() == {"code", "state", "device_id", "type", "expires_in"}
    assert (brought["state"], brought["type"]) == (STATE, "code_v2")
    status, tokens = await stage.exchanged(brought)
    assert status == 200
    assert tokens["state"] == "another-state-of-the-exchange-itself"
    assert (tokens["user_id"], tokens["token_type"], tokens["expires_in"]) == (OLGA.user_id, "Bearer", 3600)
    status, told = await stage.post("/oauth2/user_info", {"client_id": CLIENT, "access_token": tokens["access_token"]})
    assert status == 200
    assert (told["user"]["user_id"], told["user"]["first_name"]) == (str(OLGA.user_id), OLGA.first_name)
    assert told["user"]["email"] == OLGA.email
    assert "phone" not in told["user"]


@play
async def test_a_profile_tells_no_more_than_was_asked_for(stage: Stage) -> None:
    for number, scope in ((0, "vkid.personal_info"), (1, "email")):
        _, tokens = await stage.exchanged(await stage.clicked(number, scope=scope))
        form = {"access_token": tokens["access_token"]}
        _, told = await stage.post("/oauth2/user_info", form, {"client_id": CLIENT})
        assert "email" not in told["user"]


@play
async def test_the_last_link_declines(stage: Stage) -> None:
    brought = await stage.clicked(-1)
    assert (brought["error"], brought["state"]) == ("access_denied", STATE)
    assert "code" not in brought


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"client_id": "1"}, "invalid_client"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request"),
        ({"redirect_uri": CALLBACK + "/x"}, "invalid_request"),
        ({"response_type": "token"}, "invalid_request"),
        ({"state": "short"}, "invalid_request"),
        ({"state": "." * 40}, "invalid_request"),
        ({"code_challenge": ""}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
    ],
)
@play
async def test_a_wrong_request_sends_nobody_back(stage: Stage, change: dict[str, str], error: str) -> None:
    status, told = await stage.page(**change)
    assert (status, f'"{error}"' in told) == (400, True)


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"code_verifier": "w" * 43}, "invalid_request", "verifier is missing or invalid"),
        ({"code_verifier": ""}, "invalid_request", "verifier is missing or invalid"),
        ({"device_id": "x"}, "invalid_request", "device_id is missing or invalid"),
        ({"redirect_uri": "https://evil.example/"}, "invalid_request", "redirect_uri is missing or invalid"),
        ({"code": "x"}, "invalid_grant", "Code is invalid or expired."),
        ({"client_id": "1"}, "invalid_client", "client_id is missing or invalid"),
        ({"grant_type": "password"}, "unsupported_grant_type", "grant_type is missing or invalid"),
    ],
)
@play
async def test_a_wrong_exchange_gives_no_token(stage: Stage, change: dict[str, str], error: str, words: str) -> None:
    status, told = await stage.exchanged(await stage.clicked(0), **change)
    assert (status, told) == (400, {"error": error, "error_description": words})


@play
async def test_a_code_is_good_once_and_after_a_wrong_verifier_never(stage: Stage) -> None:
    for change, status in (({}, 200), ({"code_verifier": "w" * 43}, 400)):
        brought = await stage.clicked(0)
        assert (await stage.exchanged(brought, **change))[0] == status
        assert (await stage.exchanged(brought))[1]["error"] == "invalid_grant"


@play
async def test_codes_and_tokens_end(stage: Stage) -> None:
    brought = await stage.clicked(0)
    _, tokens = await stage.exchanged(await stage.clicked(0))
    stage.now += CODE_LIFE
    assert (await stage.exchanged(brought))[1]["error"] == "invalid_grant"
    form = {"client_id": CLIENT, "access_token": tokens["access_token"]}
    assert (await stage.post("/oauth2/user_info", form))[0] == 200
    stage.now += TOKEN_LIFE - CODE_LIFE
    assert (await stage.post("/oauth2/user_info", form))[1]["error"] == "invalid_token"


@play
async def test_another_applications_token_tells_nothing(stage: Stage) -> None:
    _, tokens = await stage.exchanged(await stage.clicked(0))
    for form in (
        {"client_id": CLIENT, "access_token": "x"},
        {"client_id": "2", "access_token": tokens["access_token"]},
    ):
        assert (await stage.post("/oauth2/user_info", form))[0] == 400


@play
async def test_pages_are_plain_and_run_no_script(stage: Stage) -> None:
    for path in ("", "/", "/authorize", "/page.css"):
        async with stage.http.get(stage.base_url + path, params=ASKED | {"extra": '"><script>'}) as answer:
            assert answer.status == 200
            assert "<script" not in await answer.text()
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


@play
async def test_nobody_else_can_be_picked(stage: Stage) -> None:
    address = f"{stage.base_url}/authorize/as/{NINO.user_id + 1}"
    async with stage.http.get(address, params=ASKED, allow_redirects=False) as answer:
        assert answer.status == 400


@play
async def test_a_form_that_never_ends_is_refused(stage: Stage) -> None:
    async with stage.http.post(f"{stage.base_url}/oauth2/auth", data={"code": "x" * 100_000}) as answer:
        assert answer.status == 413


def test_a_moment_without_a_clock_is_now() -> None:
    moment = VkIdServer([]).vk.clock()
    assert abs(moment - datetime.now(UTC)) < timedelta(minutes=1)
