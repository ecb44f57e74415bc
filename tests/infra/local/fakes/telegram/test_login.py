"""The page behind the button of Telegram's login widget."""

import base64
import hashlib
import hmac
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.infra.local.fakes.telegram.stage import BOT, TOKEN, Stage, play

SITE = "http://127.0.0.1:8000"
ASKED = {"bot_id": TOKEN.partition(":")[0], "origin": SITE, "return_to": f"{SITE}/account"}


def signature(told: dict[str, Any]) -> str:
    """The hash, made as Telegram's page on the widget says it."""
    lines = "\n".join(sorted(f"{name}={value}" for name, value in told.items() if name != "hash"))
    return hmac.new(hashlib.sha256(TOKEN.encode()).digest(), lines.encode(), hashlib.sha256).hexdigest()


async def ask(stage: Stage, path: str, **change: str) -> tuple[int, str, str]:
    """Status, body and where to."""
    async with stage.http.get(f"{stage.base_url}/{path}", params=ASKED | change, allow_redirects=False) as answer:
        return answer.status, await answer.text(), answer.headers.get("Location", "")


@play()
async def test_a_click_brings_a_signed_login_back(stage: Stage) -> None:
    """PLAT-30: what the widget gives a page, with the bot's own token."""
    status, page, _ = await ask(stage, "auth")
    query = urlencode(ASKED, safe=":/")
    assert status == 200
    assert f"auth/as/{stage.person.id}?{query}".replace("&", "&amp;") in page
    status, _, location = await ask(stage, f"auth/as/{stage.person.id}")
    page_address, _, result = location.partition("#tgAuthResult=")
    assert (status, page_address) == (302, f"{SITE}/account")
    told = json.loads(base64.urlsafe_b64decode(result + "=" * (-len(result) % 4)))
    assert (told["id"], told["first_name"], told["username"]) == (stage.person.id, "Аня", "anya_test")
    assert told["hash"] == signature(told)


@play()
async def test_programs_get_the_same(stage: Stage) -> None:
    async with stage.http.post(f"{stage.base_url}/people/{stage.person.id}/login/{BOT}") as answer:
        told = await answer.json()
    assert told["hash"] == signature(told)
    assert TOKEN not in str(told)
    for path in (f"/people/1/login/{BOT}", f"/people/{stage.person.id}/login/another_bot"):
        async with stage.http.post(stage.base_url + path) as answer:
            assert answer.status == 404


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"bot_id": "1"}, 404),
        ({"bot_id": ""}, 404),
        ({"origin": "https://evil.example"}, 400),
        ({"return_to": "https://evil.example/account"}, 400),
        ({"return_to": "//evil.example/account"}, 400),
        ({"return_to": "http://127.0.0.1:8000@evil.example/"}, 400),
        ({"origin": "javascript://127.0.0.1/", "return_to": "javascript://127.0.0.1/%0aalert(1)"}, 400),
    ],
)
@play()
async def test_nobody_is_sent_to_another_site(stage: Stage, change: dict[str, str], status: int) -> None:
    for path in ("auth", f"auth/as/{stage.person.id}"):
        found, _, location = await ask(stage, path, **change)
        assert (found, location) == (status, "")


@play()
async def test_nobody_signs_in_as_a_stranger(stage: Stage) -> None:
    assert (await ask(stage, "auth/as/1"))[0] == 404


@play()
async def test_names_are_no_markup(stage: Stage) -> None:
    await stage.server.create_person("<script>alert(1)</script>")
    _, page, _ = await ask(stage, "auth")
    assert "<script" not in page
    async with stage.http.get(f"{stage.base_url}/auth.css") as answer:
        assert (answer.status, answer.content_type) == (200, "text/css")
