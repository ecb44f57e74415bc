"""Trouble on demand, as aiogram meets it."""

import asyncio

import pytest
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from pydantic import ValidationError

from infra.local.fakes.telegram import Fault, FloodLimits
from tests.infra.local.fakes.telegram.stage import BOT, TOKEN, Clock, Stage, play


def texts(stage: Stage) -> list[str]:
    """What the person sees."""
    return [message["text"] for message in stage.server.messages(stage.person.id, BOT)]


@play()
async def test_too_many_requests_name_the_wait_and_end(stage: Stage) -> None:
    await stage.started()
    stage.server.add_fault(Fault(kind="too_many_requests", times=2, retry_after_s=14))
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as caught:
            await stage.bot.send_message(stage.person.id, "!")
        assert caught.value.retry_after == 14
        assert "Too Many Requests: retry after 14" in caught.value.message
    await stage.bot.send_message(stage.person.id, "!")
    assert texts(stage) == ["/start", "!"]


@play()
async def test_retry_after_is_a_header_too(stage: Stage) -> None:
    stage.server.add_fault(Fault(kind="too_many_requests", retry_after_s=3))
    async with stage.http.get(f"{stage.base_url}/bot{TOKEN}/getMe") as response:
        assert (response.status, response.headers["Retry-After"]) == (429, "3")
        assert (await response.json())["parameters"] == {"retry_after": 3}


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (Fault(kind="server_error"), TelegramServerError, "Internal Server Error"),
        (Fault(kind="bad_gateway"), ClientDecodeError, "Failed to decode object"),
        (Fault(kind="forbidden"), TelegramForbiddenError, "Forbidden: bot was blocked by the user"),
    ],
)
@play()
async def test_refusals_without_an_effect(stage: Stage, fault: Fault, error: type[Exception], words: str) -> None:
    await stage.started()
    stage.server.add_fault(fault)
    with pytest.raises(error, match=words):
        await stage.bot.send_message(stage.person.id, "!")
    assert texts(stage) == ["/start"]
    await stage.bot.send_message(stage.person.id, "!")
    assert texts(stage) == ["/start", "!"]


@play()
async def test_a_dropped_answer_leaves_the_effect(stage: Stage) -> None:
    await stage.started()
    stage.server.add_fault(Fault(kind="drop"))
    with pytest.raises(TelegramNetworkError):
        await stage.bot.send_message(stage.person.id, "once?")
    assert texts(stage) == ["/start", "once?"]
    await stage.bot.send_message(stage.person.id, "twice")
    assert texts(stage) == ["/start", "once?", "twice"]


@play()
async def test_a_hanging_call_works_late(stage: Stage) -> None:
    await stage.started()
    stage.server.add_fault(Fault(kind="hang", hang_s=0.6))
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await stage.bot.send_message(stage.person.id, "late", request_timeout=0.2)  # type: ignore[arg-type]
    assert texts(stage) == ["/start"]
    await stage.server.wait_for_message(stage.person.id, BOT, containing="late", timeout_s=15)


@play()
async def test_a_fault_can_be_for_one_method(stage: Stage) -> None:
    await stage.started()
    stage.server.add_fault(Fault(kind="server_error", method="sendMessage"))
    await stage.bot.get_me()
    with pytest.raises(TelegramServerError):
        await stage.bot.send_message(stage.person.id, "!")


@play()
async def test_faults_can_be_listed_and_cleared(stage: Stage) -> None:
    stage.server.add_fault(Fault(kind="server_error", times=5))
    with pytest.raises(TelegramServerError):
        await stage.bot.get_me()
    assert [fault.times for fault in stage.server.faults] == [4]
    stage.server.clear_faults()
    assert (await stage.bot.get_me()).is_bot


@play()
async def test_the_same_fault_can_be_asked_for_again(stage: Stage) -> None:
    fault = Fault(kind="server_error", times=2)
    for _ in range(2):
        stage.server.add_fault(fault)
        for _ in range(2):
            with pytest.raises(TelegramServerError):
                await stage.bot.get_me()


@play()
async def test_doubled_deliveries_come_at_the_same_time(stage: Stage) -> None:
    await stage.set_webhook()
    stage.receiver.delays_s = [0.15, 0.15]
    stage.server.add_fault(Fault(kind="double_delivery"))
    await stage.started()
    await stage.server.send_text(stage.person.id, BOT, "once")
    await stage.updates()
    assert [body["message"]["text"] for body in stage.receiver.bodies] == ["/start", "/start", "once"]
    assert stage.receiver.most_active == 2


@play(clock=Clock(), flood_limits=FloodLimits(per_chat_per_s=1, per_chat_burst=2))
async def test_flood_limits_answer_429(stage: Stage) -> None:
    await stage.started()
    other = await stage.server.create_person("Борис")
    await stage.server.start(other.id, BOT)
    await stage.bot.send_message(stage.person.id, "1")
    await stage.bot.send_message(stage.person.id, "2")
    with pytest.raises(TelegramRetryAfter) as caught:
        await stage.bot.send_message(stage.person.id, "3")
    assert caught.value.retry_after == 1
    await stage.bot.send_message(other.id, "1")
    edit = {"chat_id": other.id, "message_id": stage.server.messages(other.id, BOT)[-1]["message_id"]}
    await stage.bot.edit_message_text("2", **edit)
    with pytest.raises(TelegramRetryAfter):
        await stage.bot.edit_message_text("3", **edit)
    with pytest.raises(TelegramBadRequest, match="text is empty"):
        await stage.bot.send_message(other.id, "")
    assert texts(stage) == ["/start", "1", "2"]


@play(clock=Clock())
async def test_thirty_messages_a_second_is_the_limit_for_all_chats(stage: Stage) -> None:
    await stage.started()
    calls = [stage.bot.send_message(stage.person.id, str(number)) for number in range(60)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    refused = [result for result in results if isinstance(result, TelegramRetryAfter)]
    assert len(refused) == 30


def test_a_fault_out_of_bounds_is_refused() -> None:
    for wrong in ({"times": 0}, {"hang_s": 1e9}, {"retry_after_s": 0}, {"kind": "flood"}, {"novelty": 1}):
        with pytest.raises(ValidationError):
            Fault.model_validate({"kind": "hang"} | wrong)
