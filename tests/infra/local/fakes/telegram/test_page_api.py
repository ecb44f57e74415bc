"""The page and its endpoints: what they serve, and whom they refuse."""

import asyncio
import re
from importlib.resources import files
from typing import Any

import pytest
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from tests.infra.local.fakes.telegram.stage import BOT, TOKEN, Stage, play

PAGE = files("infra.local.fakes.telegram").joinpath("page")


async def get(stage: Stage, path: str, **headers: str) -> tuple[int, Any]:
    async with stage.http.get(stage.base_url + path, headers=headers) as response:
        return response.status, await response.json()


async def post(stage: Stage, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
    async with stage.http.post(stage.base_url + path, json=body or {}, headers=headers) as response:
        return response.status, await response.json()


def chat_path(stage: Stage) -> str:
    return f"/people/{stage.person.id}/chats/{BOT}"


@play()
async def test_the_page_is_served_with_a_strict_policy(stage: Stage) -> None:
    for path, content_type in (("/", "text/html"), ("/chat.js", "text/javascript"), ("/chat.css", "text/css")):
        async with stage.http.get(stage.base_url + path) as response:
            assert (response.status, response.content_type) == (200, content_type)
            assert "default-src 'self'" in response.headers["Content-Security-Policy"]
            assert "unsafe" not in response.headers["Content-Security-Policy"]
            assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_the_page_needs_nothing_from_outside_and_writes_no_markup() -> None:
    sources = {asset.name: asset.read_text(encoding="utf-8") for asset in PAGE.iterdir()}
    assert {"index.html", "chat.js", "chat.css"} <= sources.keys()
    for name, source in sources.items():
        assert not re.search(r"(?:src|href|url|import|from)\s*[=(\s]\s*[\"']?(?:https?:)?//", source), name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|srcdoc", source), name
        assert not re.search(r"(?:src|href|fetch)\s*[=(]\s*[\"'`]/", source), name
    assert not re.search(r"<style|\son\w+=|\sstyle=|<script(?![^>]*\ssrc=)", sources["index.html"])


@play()
async def test_people_and_bots_are_listed_without_secrets(stage: Stage) -> None:
    status, created = await post(stage, "/people", {"first_name": "Борис", "language_code": "en"})
    assert status == 201
    _, listing = await get(stage, "/people")
    assert [person["first_name"] for person in listing["people"]] == ["Аня", "Борис"]
    assert listing["people"][1] == created
    assert listing["bots"] == [{"username": BOT, "name": "Svyaz test"}]
    assert TOKEN not in str(listing)


@play()
async def test_a_person_chats_through_the_endpoints(stage: Stage) -> None:
    _, before = await get(stage, chat_path(stage))
    assert (before["is_started"], before["messages"]) == (False, [])
    assert (await post(stage, f"{chat_path(stage)}/start", {"payload": "m_1"}))[0] == 200
    markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Да", callback_data="yes")]])
    await stage.bot.send_message(stage.person.id, "Записать?", reply_markup=markup)
    _, tapped = await post(stage, f"{chat_path(stage)}/tap", {"label": "Да"})
    await stage.bot.answer_callback_query(tapped["result"][0], text="Записали")
    for act, body in (
        ("text", {"text": "Спасибо"}),
        ("sticker", {"emoji": "👍"}),
        ("voice", {"duration_s": 2}),
        ("photo", {}),
        ("location", {"latitude": 1, "longitude": 2.5}),
        ("contact", {}),
        ("block", {}),
        ("unblock", {}),
    ):
        status, answer = await post(stage, f"{chat_path(stage)}/{act}", body)
        assert status == 200, answer
    await stage.bot.send_chat_action(stage.person.id, "typing")
    _, view = await get(stage, chat_path(stage))
    assert [next(iter(message.keys() - COMMON)) for message in view["messages"]] == [
        "text", "text", "text", "sticker", "voice", "photo", "location", "contact",
    ]  # fmt: skip
    assert [(answer["callback_id"], answer["text"]) for answer in view["answers"]] == [
        (tapped["result"][0], "Записали")
    ]
    assert 4 < view["typing_for_s"] <= 5
    assert view["is_started"]


COMMON = {"message_id", "from", "chat", "date", "entities", "reply_markup"}


@play()
async def test_the_view_waits_for_news(stage: Stage) -> None:
    await stage.started()
    _, view = await get(stage, chat_path(stage))
    waiting = asyncio.create_task(get(stage, f"{chat_path(stage)}?after={view['revision']}&wait_s=5"))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await stage.bot.send_message(stage.person.id, "Новость")
    _, fresh = await asyncio.wait_for(waiting, 4)
    assert fresh["messages"][-1]["text"] == "Новость"
    _, same = await get(stage, f"{chat_path(stage)}?after={fresh['revision']}&wait_s=0")
    assert same["revision"] == fresh["revision"]


@play()
async def test_a_waiting_view_does_not_hold_up_the_end(stage: Stage) -> None:
    await stage.started()
    _, view = await get(stage, chat_path(stage))
    waiting = asyncio.create_task(get(stage, f"{chat_path(stage)}?after={view['revision']}&wait_s=20"))
    await asyncio.sleep(0.02)
    stage.server._bell.stop()
    status, _ = await asyncio.wait_for(waiting, 10)
    assert status == 200


@play()
async def test_updates_are_redelivered_on_demand(stage: Stage) -> None:
    await stage.set_webhook()
    assert (await post(stage, f"/bots/{BOT}/redeliver"))[0] == 409
    await stage.started()
    await stage.updates()
    status, answer = await post(stage, f"/bots/{BOT}/redeliver")
    updates = await stage.updates()
    assert (status, [update.update_id for update in updates]) == (200, [answer["update_id"]] * 2)


@play()
async def test_faults_are_switched_over_http(stage: Stage) -> None:
    status, answer = await post(stage, "/faults", {"kind": "server_error", "times": 3, "method": "getMe"})
    assert (status, answer["faults"][0]["times"]) == (200, 3)
    assert (await get(stage, "/faults"))[1] == answer
    async with stage.http.delete(f"{stage.base_url}/faults") as response:
        assert (await response.json()) == {"faults": []}
    assert (await post(stage, "/faults", {"kind": "unknown"}))[0] == 422


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("/people", {}, 422),
        ("/people", {"first_name": 5}, 422),
        ("/people", {"first_name": "x", "person_id": [1]}, 422),
        ("/people", {"first_name": "x", "self": "y"}, 422),
        ("/people", {"first_name": "\ud800"}, 422),
        ("{chat}/text", {"text": ["x"]}, 422),
        ("{chat}/text", {"text": "x" * 90_000}, 422),
        ("{chat}/text", {"text": "x", "novelty": 1}, 422),
        ("{chat}/text", {"text": "x", "bot": "other"}, 422),
        ("{chat}/start", {"payload": "not allowed"}, 422),
        ("{chat}/tap", {"times": 1000}, 422),
        ("{chat}/tap", {"label": "нет"}, 404),
        ("{chat}/dance", {}, 404),
        ("/people/1/chats/svyaz_test_bot/text", {"text": "x"}, 404),
        ("/bots/nobody/redeliver", {}, 409),
    ],
)
@play()
async def test_senseless_acts_are_refused_politely(stage: Stage, path: str, body: Any, status: int) -> None:
    await stage.started()
    answered, answer = await post(stage, path.replace("{chat}", chat_path(stage)), body)
    assert (answered, list(answer)) == (status, ["error"])


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [("text/plain", b"{}", 415), ("application/json", b"{", 400), ("application/json", b"[]", 422)],
)
@play()
async def test_bodies_that_are_not_json_objects(stage: Stage, content_type: str, body: bytes, status: int) -> None:
    headers = {"Content-Type": content_type}
    async with stage.http.post(f"{stage.base_url}/people", data=body, headers=headers) as response:
        assert response.status == status


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://example.org"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Host": "example.org"},
    ],
)
@play()
async def test_other_sites_can_change_nothing(stage: Stage, headers: dict[str, str]) -> None:
    for path in ("/people", "/faults", f"{chat_path(stage)}/start", f"/bot{TOKEN}/sendMessage"):
        assert (await post(stage, path, {"first_name": "x", "kind": "drop"}, **headers))[0] == 403
    assert len(stage.server.state.people) == 1
    assert stage.server.faults == ()


@play()
async def test_the_own_page_may_act(stage: Stage) -> None:
    own = {"Origin": stage.base_url, "Sec-Fetch-Site": "same-origin"}
    assert (await post(stage, f"{chat_path(stage)}/start", **own))[0] == 200
    assert (await get(stage, "/people", **{"Sec-Fetch-Site": "cross-site"}))[0] == 200


@play()
async def test_a_foreign_host_name_reads_nothing(stage: Stage) -> None:
    assert (await get(stage, "/people", Host="rebound.example.org"))[0] == 403
    assert (await get(stage, "/people", Host="svyaz.localhost:8000"))[0] == 200
