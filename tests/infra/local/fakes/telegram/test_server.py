"""The server as a whole: mounted under a prefix, restarted, waiting for news."""

import asyncio
import stat
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from infra.local.fakes.telegram import Bot, TelegramServer
from tests.infra.local.fakes.telegram.stage import (
    BOT,
    TOKEN,
    Receiver,
    Stage,
    aiogram_bot,
    eventually,
    hook,
    on_stage,
    play,
)

PREFIX = "/_local/fakes/telegram"


def new_server(path: Path | None = None, save_every_s: float = 60) -> TelegramServer:
    return TelegramServer([Bot(TOKEN, BOT, "Svyaz test")], state_path=path, save_every_s=save_every_s)


def test_it_works_mounted_under_a_prefix() -> None:
    async def scenario() -> None:
        server, application = new_server(), web.Application()
        application.add_subapp(PREFIX, server.application())
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        receiver = Receiver()
        async with aiogram_bot(origin + PREFIX) as bot, ClientSession(origin) as http, hook(receiver) as hook_url:
            await bot.set_webhook(hook_url)
            person = await server.create_person("Аня")
            await server.start(person.id, BOT)
            await server.wait_delivered(BOT, timeout_s=15)
            async with http.get(f"{PREFIX}?start=m_1", allow_redirects=True) as response:
                assert response.url.path == f"{PREFIX}/"
                assert response.url.query_string == "start=m_1"
                assert response.status == 200
        await runner.cleanup()
        assert len(receiver.bodies) == 1

    asyncio.run(scenario())


def test_a_restart_keeps_people_chats_and_what_was_undelivered(tmp_path: Path) -> None:
    path = tmp_path / "state" / "telegram.json"

    async def before() -> int:
        async with on_stage(new_server(path)) as stage:
            await stage.set_webhook()
            await stage.started()
            await stage.updates()
            await stage.bot.set_webhook("http://127.0.0.1:1/nobody")
            await stage.bot.send_message(stage.person.id, "Здравствуйте")
            return await stage.server.send_text(stage.person.id, BOT, "И вам")

    async def after(message_id: int) -> None:
        server = new_server(path)
        [person] = server.state.people.values()
        texts = [message["text"] for message in server.messages(person.id, BOT)]
        assert texts == ["/start", "Здравствуйте", "И вам"]
        receiver = Receiver()
        async with server.listening() as base_url, aiogram_bot(base_url) as bot, hook(receiver) as hook_url:
            await bot.set_webhook(hook_url)
            await server.wait_delivered(BOT, timeout_s=15)
            assert [body["message"]["text"] for body in receiver.bodies] == ["И вам"]
            assert (await bot.send_message(person.id, "!")).message_id == message_id + 1

    message_id = asyncio.run(before())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert TOKEN not in path.read_text()
    asyncio.run(after(message_id))


def test_state_is_saved_while_running(tmp_path: Path) -> None:
    path = tmp_path / "telegram.json"

    async def scenario() -> None:
        async with on_stage(new_server(path, save_every_s=0.02)) as stage:
            await stage.started()
            await eventually(is_saved)

    def is_saved() -> bool:
        return path.exists() and "/start" in path.read_text()

    asyncio.run(scenario())
    assert list(tmp_path.iterdir()) == [path]


def test_one_server_can_run_twice() -> None:
    server = new_server()

    async def scenario() -> None:
        async with on_stage(server) as stage:
            await stage.started()
            asking = asyncio.create_task(
                stage.server.wait_for_message(stage.person.id, BOT, containing="!", timeout_s=15)
            )
            revision = server.state.bots[BOT].chats[stage.person.id].revision
            view = f"{stage.base_url}/people/{stage.person.id}/chats/{BOT}?wait_s=20&after={revision}"
            looking = asyncio.create_task(stage.http.get(view))
            await asyncio.sleep(0.1)
            assert not looking.done()
            await stage.bot.send_message(stage.person.id, "Да!")
            assert (await asking)["text"] == "Да!"
            assert (await (await looking).json())["messages"][-1]["text"] == "Да!"

    asyncio.run(scenario())
    asyncio.run(scenario())


@pytest.mark.parametrize("content", [b"", b"{", b'{"people": 5}', b"\xff\xfe", b'{"people": {"1": {"id": 1}}}'])
def test_a_broken_state_file_is_set_aside(tmp_path: Path, content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    path = tmp_path / "telegram.json"
    path.write_bytes(content)
    assert new_server(path).state.people == {}
    assert (tmp_path / "telegram.broken").read_bytes() == content
    assert "set aside" in caplog.text


@play()
async def test_waiting_for_a_message_ends_with_it_or_with_the_time(stage: Stage) -> None:
    started = await stage.started()
    await stage.bot.send_message(stage.person.id, "первое")
    found = await stage.server.wait_for_message(stage.person.id, BOT, after=started)
    assert found["text"] == "первое"
    with pytest.raises(TimeoutError):
        await stage.server.wait_for_message(stage.person.id, BOT, after=found["message_id"], timeout_s=0.02)


@play()
async def test_webhook_info_is_at_hand(stage: Stage) -> None:
    await stage.set_webhook()
    assert stage.server.webhook_info(BOT)["url"] == stage.hook_url


@pytest.mark.parametrize(
    ("token", "username"), [("x", "good_bot"), ("1:", "good_bot"), ("1:a b", "good_bot"), ("1:a", "нет")]
)
def test_a_bot_must_look_like_one(token: str, username: str) -> None:
    with pytest.raises(ValueError, match="a bot"):
        Bot(token, username, "x")
