"""Webhooks: setting them, and the delivery of updates with its order, retries and secrets."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest
from aiohttp import web

from tests.infra.local.fakes.telegram.stage import BOT, SECRET, Clock, Stage, eventually, play


@play()
async def test_an_update_arrives_as_telegram_posts_it(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    [update] = await stage.updates()
    headers = stage.receiver.headers[0]
    assert headers["X-Telegram-Bot-Api-Secret-Token"] == SECRET
    assert headers["Content-Type"] == "application/json"
    assert update.message is not None
    assert update.message.text == "/start"


@play()
async def test_without_a_secret_there_is_no_header(stage: Stage) -> None:
    await stage.bot.set_webhook(stage.hook_url)
    await stage.started()
    await stage.updates()
    assert "X-Telegram-Bot-Api-Secret-Token" not in stage.receiver.headers[0]


@play()
async def test_updates_wait_for_a_webhook_and_come_in_order(stage: Stage) -> None:
    await stage.started()
    for number in range(5):
        await stage.server.send_text(stage.person.id, BOT, str(number))
    assert (await stage.bot.get_webhook_info()).pending_update_count == 6
    await stage.set_webhook()
    updates = await stage.updates()
    assert [update.message and update.message.text for update in updates] == ["/start", "0", "1", "2", "3", "4"]
    ids = [update.update_id for update in updates]
    assert ids == list(range(ids[0], ids[0] + 6))
    assert (await stage.bot.get_webhook_info()).pending_update_count == 0


@pytest.mark.parametrize("status", [500, 404, 307, 403])
@play()
async def test_a_refused_update_is_sent_again_and_holds_back_the_next(stage: Stage, status: int) -> None:
    await stage.set_webhook()
    elsewhere = {"Location": stage.hook_url}
    stage.receiver.answers = [web.Response(status=status, headers=elsewhere) for _ in range(2)]
    await stage.started()
    await stage.server.send_text(stage.person.id, BOT, "next")
    await stage.updates()
    texts = [body["message"]["text"] for body in stage.receiver.bodies]
    assert texts == ["/start", "/start", "/start", "next"]
    assert len({body["update_id"] for body in stage.receiver.bodies}) == 2
    info = await stage.bot.get_webhook_info()
    assert str(info.last_error_message).startswith(f"Wrong response from the webhook: {status} ")
    assert info.last_error_date is not None


@play(delivery_timeout_s=0.25)
async def test_a_slow_webhook_gets_the_update_again(stage: Stage) -> None:
    await stage.set_webhook()
    stage.receiver.delays_s = [5]
    await stage.started()
    updates = await stage.updates()
    assert len(updates) >= 2
    assert len({update.update_id for update in updates}) == 1
    assert (await stage.bot.get_webhook_info()).last_error_message == "Read timeout expired"


@play()
async def test_a_webhook_that_is_not_there(stage: Stage) -> None:
    await stage.bot.set_webhook("http://127.0.0.1:1/nobody")
    await stage.started()
    await eventually(lambda: "last_error_message" in stage.server.webhook_info(BOT))
    info = await stage.bot.get_webhook_info()
    assert info.last_error_message == "Connection refused"
    assert info.pending_update_count == 1
    await stage.set_webhook()
    assert len(await stage.updates()) == 1


@play()
async def test_retry_after_is_honoured(stage: Stage) -> None:
    """A tap is worth nothing after 150 s: told to wait longer, Telegram gives it up instead of asking again."""
    message_id = await stage.started()
    await stage.set_webhook(drop_pending_updates=True)
    stage.receiver.answers = [
        web.Response(status=503, headers={"Retry-After": header}) for header in ("soon", "-1", "0", "200")
    ]
    await stage.server.tap(stage.person.id, BOT, data="x", message_id=message_id)
    assert len(await stage.updates()) == 4


@play(clock=Clock())
async def test_an_update_that_grew_too_old_is_given_up(stage: Stage) -> None:
    await stage.set_webhook()
    stage.receiver.answers = [web.Response(status=500)] * 3
    stage.receiver.delays_s = [0.05]
    await stage.started()
    clock = stage.server.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(days=2)
    assert len(await stage.updates()) == 1


@play()
async def test_one_busy_person_does_not_hold_up_another(stage: Stage) -> None:
    await stage.set_webhook()
    other = await stage.server.create_person("Борис")
    stage.receiver.delays_s = [0.2]
    await stage.started()
    await stage.server.start(other.id, BOT)
    await stage.updates()
    assert stage.receiver.most_active == 2


@play()
async def test_max_connections_bounds_what_runs_at_once(stage: Stage) -> None:
    await stage.set_webhook(max_connections=2)
    stage.receiver.delays_s = [0.05] * 6
    for name in ("Борис", "Вера", "Глеб", "Дина", "Ева", "Жан"):
        person = await stage.server.create_person(name)
        await stage.server.start(person.id, BOT)
    assert len(await stage.updates()) == 6
    assert stage.receiver.most_active == 2


@play()
async def test_only_the_asked_kinds_of_updates_come(stage: Stage) -> None:
    await stage.set_webhook(allowed_updates=["message"])
    await stage.started()
    await stage.server.block(stage.person.id, BOT)
    await stage.set_webhook(max_connections=7)
    await stage.server.unblock(stage.person.id, BOT)
    await stage.server.send_text(stage.person.id, BOT, "again")
    assert [update.event_type for update in await stage.updates()] == ["message", "message"]
    info = await stage.bot.get_webhook_info()
    assert (info.allowed_updates, info.max_connections) == (["message"], 7)


@play()
async def test_pending_updates_can_be_dropped(stage: Stage) -> None:
    await stage.started()
    await stage.set_webhook(drop_pending_updates=True)
    await stage.server.send_text(stage.person.id, BOT, "fresh")
    [update] = await stage.updates()
    assert update.message is not None
    assert update.message.text == "fresh"


@play()
async def test_a_deleted_webhook_gets_nothing_more(stage: Stage) -> None:
    await stage.set_webhook()
    assert await stage.bot.delete_webhook()
    await stage.started()
    await asyncio.sleep(0.05)
    assert stage.receiver.bodies == []
    info = await stage.bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == ("", 1, None)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"url": "ftp://127.0.0.1/"}, "invalid webhook URL specified"),
        ({"url": "http://[::1"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1:99999/"}, "invalid webhook URL specified"),
        ({"url": "http://127.0.0.1/a b"}, "invalid webhook URL specified"),
        ({"url": "https://example.org/hook"}, "bad webhook: this local Telegram delivers to this machine only"),
        ({"url": "http://127.0.0.1@example.org/"}, "bad webhook: this local Telegram delivers to this machine only"),
        ({"secret_token": "x" * 257}, "secret token is too long"),
        ({"secret_token": "пароль"}, "secret token contains unallowed characters"),
    ],
)
@play()
async def test_webhooks_that_are_refused(stage: Stage, settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(TelegramBadRequest) as caught:
        await stage.bot.set_webhook(**{"url": stage.hook_url, **settings})
    assert caught.value.message == f"Bad Request: {reason}"
    assert (await stage.bot.get_webhook_info()).url == ""
