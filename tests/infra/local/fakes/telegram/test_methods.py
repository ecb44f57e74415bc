"""The Bot API methods, called by aiogram."""

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.methods import GetFile
from aiogram.types import (
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from aiohttp import FormData

from tests.infra.local.fakes.telegram.stage import BOT, TOKEN, Clock, Stage, aiogram_bot, play

FIELD = b'Content-Disposition: form-data; name="text"\r\n\r\nhi\r\n--x--\r\n'


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """One column of buttons whose data is `go:<label>`."""
    rows = [[InlineKeyboardButton(text=label, callback_data=f"go:{label}")] for label in labels]
    return InlineKeyboardMarkup(inline_keyboard=rows)


def buttons(message: object) -> list[tuple[str, str | None]]:
    """Labels and data of the buttons under the message."""
    assert isinstance(message, Message)
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    return [(button.text, button.callback_data) for row in rows for button in row]


async def refusal(call: Any) -> str:
    """Telegram's words when it refuses the call with 400."""
    with pytest.raises(TelegramBadRequest) as caught:
        await call
    return caught.value.message


@play()
async def test_get_me_describes_the_bot(stage: Stage) -> None:
    me = await stage.bot.get_me()
    assert (me.id, me.is_bot, me.username, me.first_name) == (4200000001, True, BOT, "Svyaz test")
    assert me.can_join_groups is False


@play()
async def test_a_message_comes_back_as_telegram_keeps_it(stage: Stage) -> None:
    started = await stage.started()
    sent = await stage.bot.send_message(stage.person.id, "  Выберите день  ", reply_markup=keyboard("Пн", "Вт"))
    assert sent.text == "Выберите день"
    assert sent.message_id == started + 1
    assert sent.chat.id == stage.person.id
    assert sent.chat.type == "private"
    assert sent.chat.first_name == "Аня"
    assert sent.from_user is not None
    assert sent.from_user.is_bot
    assert buttons(sent) == [("Пн", "go:Пн"), ("Вт", "go:Вт")]
    assert stage.server.messages(stage.person.id, BOT)[-1]["text"] == "Выберите день"


@pytest.mark.parametrize("form", ["json", "data", "multipart", "query"])
@play()
async def test_arguments_are_read_in_every_encoding(stage: Stage, form: str) -> None:
    await stage.started()
    url = f"{stage.base_url}/bot{TOKEN}/SENDMESSAGE"
    values = {"chat_id": str(stage.person.id), "text": "Здравствуйте"}
    if form == "query":
        response = await stage.http.get(url, params=values)
    elif form == "json":
        response = await stage.http.post(
            url, json={"chat_id": stage.person.id, "text": "Здравствуйте", "entities": None}
        )
    else:
        body = FormData(values, default_to_multipart=form == "multipart")
        response = await stage.http.post(url, data=body)
    answer = await response.json()
    assert answer["ok"] is True
    assert Message.model_validate(answer["result"]).text == "Здравствуйте"


@play()
async def test_html_becomes_entities(stage: Stage) -> None:
    await stage.started()
    sent = await stage.bot.send_message(
        stage.person.id, '😀 <b>Запись</b> &lt;1&gt; <a href="https://example.org/x">тут</a>', parse_mode="HTML"
    )
    assert sent.text == "😀 Запись <1> тут"
    assert sent.html_text == '😀 <b>Запись</b> &lt;1&gt; <a href="https://example.org/x">тут</a>'


@play()
async def test_entities_are_taken_as_given(stage: Stage) -> None:
    await stage.started()
    entities = [MessageEntity(type="italic", offset=1, length=3)]
    sent = await stage.bot.send_message(stage.person.id, " раз", entities=entities)
    assert [(entity.type, entity.offset, entity.length) for entity in sent.entities or []] == [("italic", 0, 3)]


@play()
async def test_texts_that_telegram_refuses(stage: Stage) -> None:
    await stage.started()
    send, person_id = stage.bot.send_message, stage.person.id
    assert await refusal(send(person_id, "")) == "Bad Request: message text is empty"
    assert await refusal(send(person_id, " \n ")) == "Bad Request: text must be non-empty"
    assert await refusal(send(person_id, "я" * 4097)) == "Bad Request: message is too long"
    assert await refusal(send(person_id, "я" * 17_000)) == "Bad Request: text is too long"
    assert await refusal(send(person_id, "*x*", parse_mode="Markdown")) == "Bad Request: unsupported parse_mode"
    broken = await refusal(send(person_id, "Аня <3", parse_mode="HTML"))
    assert broken == "Bad Request: can't parse entities: Unclosed start tag at byte offset 7"
    assert (await send(person_id, "я" * 4096)).text == "я" * 4096
    assert (await send(person_id, "<b>" + "😀" * 4096 + "</b>", parse_mode="HTML")).text == "😀" * 4096


@play()
async def test_chats_that_do_not_exist(stage: Stage) -> None:
    assert await refusal(stage.bot.send_message(stage.person.id, "?")) == "Bad Request: chat not found"
    assert await refusal(stage.bot.send_message("@nobody", "?")) == "Bad Request: chat not found"
    assert await refusal(stage.bot.send_chat_action(1, "typing")) == "Bad Request: chat not found"
    async with stage.http.post(f"{stage.base_url}/bot{TOKEN}/sendMessage", json={"text": "?"}) as response:
        assert (await response.json())["description"] == "Bad Request: chat_id is empty"


@play()
async def test_a_blocked_bot_is_forbidden_to_write(stage: Stage) -> None:
    await stage.started()
    await stage.server.block(stage.person.id, BOT)
    for call in (stage.bot.send_message(stage.person.id, "?"), stage.bot.send_chat_action(stage.person.id, "typing")):
        with pytest.raises(TelegramForbiddenError, match="Forbidden: bot was blocked by the user"):
            await call
    await stage.server.unblock(stage.person.id, BOT)
    assert (await stage.bot.send_message(stage.person.id, "!")).text == "!"


@play()
async def test_buttons_that_telegram_refuses(stage: Stage) -> None:
    await stage.started()

    async def refused(**button: Any) -> str:
        markup = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="x", **button)]])
        return await refusal(stage.bot.send_message(stage.person.id, "?", reply_markup=markup))

    textual = "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
    assert await refused(callback_data="я" * 32 + "x") == "Bad Request: BUTTON_DATA_INVALID"
    assert await refused(callback_data="") == textual
    assert await refused() == textual
    assert "is invalid: Wrong HTTP URL" in await refused(url="javascript:alert(1)")
    many = keyboard(*map(str, range(101)))
    too_many = refusal(stage.bot.send_message(stage.person.id, "?", reply_markup=many))
    assert await too_many == "Bad Request: reply markup is too long"
    long = keyboard(*(str(number) * 300 for number in range(35)))
    too_long = refusal(stage.bot.send_message(stage.person.id, "?", reply_markup=long))
    assert await too_long == "Bad Request: reply markup is too long"
    most = await stage.bot.send_message(stage.person.id, "?", reply_markup=keyboard(*map(str, range(100))))
    assert len(buttons(most)) == 100
    row = InlineKeyboardMarkup(inline_keyboard=[[line[0] for line in keyboard(*"abcdefghijklm").inline_keyboard]])
    assert len(buttons(await stage.bot.send_message(stage.person.id, "?", reply_markup=row))) == 12


@play()
async def test_a_reply_keyboard_is_shown_until_removed(stage: Stage) -> None:
    await stage.started()
    markup = ReplyKeyboardMarkup(
        keyboard=[[KeyboardButton(text="Мой номер", request_contact=True)]], resize_keyboard=True
    )
    sent = await stage.bot.send_message(stage.person.id, "Номер?", reply_markup=markup)
    assert sent.reply_markup is None
    chat = stage.server.state.bots[BOT].chats[stage.person.id]
    assert chat.reply_keyboard == markup.model_dump(exclude_none=True)
    await stage.bot.send_message(stage.person.id, "Спасибо", reply_markup=ReplyKeyboardRemove())
    assert chat.reply_keyboard is None


@play()
async def test_editing_changes_the_message_in_place(stage: Stage) -> None:
    await stage.started()
    sent = await stage.bot.send_message(stage.person.id, "День?", reply_markup=keyboard("Пн"))
    edited = await stage.bot.edit_message_text(
        "Час?", chat_id=stage.person.id, message_id=sent.message_id, reply_markup=keyboard("10:00")
    )
    assert isinstance(edited, Message)
    assert (edited.message_id, edited.text) == (sent.message_id, "Час?")
    assert buttons(edited) == [("10:00", "go:10:00")]
    assert edited.edit_date
    bare = await stage.bot.edit_message_text("Готово", chat_id=stage.person.id, message_id=sent.message_id)
    assert isinstance(bare, Message)
    assert bare.reply_markup is None
    assert [message["text"] for message in stage.server.messages(stage.person.id, BOT)] == ["/start", "Готово"]


@play()
async def test_only_the_keyboard_can_be_edited(stage: Stage) -> None:
    await stage.started()
    sent = await stage.bot.send_message(stage.person.id, "<i>День?</i>", parse_mode="HTML", reply_markup=keyboard("Пн"))
    edited = await stage.bot.edit_message_reply_markup(
        chat_id=stage.person.id, message_id=sent.message_id, reply_markup=keyboard("Вт")
    )
    assert isinstance(edited, Message)
    assert edited.html_text == "<i>День?</i>"
    assert buttons(edited) == [("Вт", "go:Вт")]
    bare = await stage.bot.edit_message_reply_markup(chat_id=stage.person.id, message_id=sent.message_id)
    assert isinstance(bare, Message)
    assert bare.reply_markup is None


@play()
async def test_edits_that_telegram_refuses(stage: Stage) -> None:
    started = await stage.started()
    sent = await stage.bot.send_message(stage.person.id, "День?", reply_markup=keyboard("Пн"))

    async def refused(text: str, message_id: int | None = sent.message_id, **settings: Any) -> str:
        call = stage.bot.edit_message_text(text, chat_id=stage.person.id, message_id=message_id, **settings)
        return await refusal(call)

    same = await refused("День?", reply_markup=keyboard("Пн"))
    assert same == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as "
        "a current content and reply markup of the message"
    )
    assert await refused("x", 999) == "Bad Request: message to edit not found"
    assert await refused("x", None) == "Bad Request: message to edit not found"
    assert await refused("x", started) == "Bad Request: message can't be edited"
    assert await refused("я" * 4097) == "Bad Request: MESSAGE_TOO_LONG"
    removal = {"chat_id": stage.person.id, "message_id": sent.message_id, "reply_markup": {"remove_keyboard": True}}
    async with stage.http.post(f"{stage.base_url}/bot{TOKEN}/editMessageReplyMarkup", json=removal) as response:
        assert (await response.json())["description"] == "Bad Request: inline keyboard expected"
    assert await refusal(stage.bot.edit_message_text("x")) == "Bad Request: message identifier is not specified"
    await stage.bot.delete_message(stage.person.id, sent.message_id)
    assert await refused("x") == "Bad Request: message to edit not found"


@play()
async def test_a_deleted_message_is_gone_for_the_person(stage: Stage) -> None:
    started = await stage.started()
    sent = await stage.bot.send_message(stage.person.id, "Секрет")
    assert await stage.bot.delete_message(stage.person.id, sent.message_id)
    assert await stage.bot.delete_message(stage.person.id, started)
    assert stage.server.messages(stage.person.id, BOT) == []
    again = await refusal(stage.bot.delete_message(stage.person.id, sent.message_id))
    assert again == "Bad Request: message to delete not found"


@play()
async def test_the_first_answer_to_a_tap_is_shown(stage: Stage) -> None:
    await stage.started()
    await stage.bot.send_message(stage.person.id, "?", reply_markup=keyboard("Да"))
    [callback_id] = await stage.server.tap(stage.person.id, BOT, label="Да")
    assert await stage.bot.answer_callback_query(callback_id, text="Записано", show_alert=True)
    assert await stage.bot.answer_callback_query(callback_id, text="Второй раз")
    [answer] = stage.server.state.bots[BOT].chats[stage.person.id].answers
    assert (answer.callback_id, answer.text, answer.is_alert) == (callback_id, "Записано", True)
    too_long = await refusal(stage.bot.answer_callback_query(callback_id, text="я" * 201))
    assert too_long == "Bad Request: MESSAGE_TOO_LONG"
    unknown = await refusal(stage.bot.answer_callback_query("12345"))
    assert unknown == "Bad Request: query is too old and response timeout expired or query ID is invalid"


@play(clock=Clock())
async def test_a_tap_cannot_be_answered_for_ever(stage: Stage) -> None:
    await stage.started()
    await stage.bot.send_message(stage.person.id, "?", reply_markup=keyboard("Да"))
    [callback_id] = await stage.server.tap(stage.person.id, BOT, label="Да")
    clock = stage.server.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(seconds=150)
    assert await stage.bot.answer_callback_query(callback_id)
    clock.now += timedelta(seconds=1)
    assert "query is too old" in await refusal(stage.bot.answer_callback_query(callback_id))


@play()
async def test_typing_is_shown_until_the_next_message(stage: Stage) -> None:
    await stage.started()
    chat = stage.server.state.bots[BOT].chats[stage.person.id]
    assert await stage.bot.send_chat_action(stage.person.id, "typing")
    assert chat.typing_until > stage.server.clock().timestamp()
    await stage.bot.send_message(stage.person.id, "!")
    assert chat.typing_until == 0
    wrong = await refusal(stage.bot.send_chat_action(stage.person.id, "sleeping"))
    assert wrong == "Bad Request: wrong parameter action in request"


@play()
async def test_commands_make_the_menu(stage: Stage) -> None:
    assert await stage.bot.set_my_commands([BotCommand(command="/book", description=" Записаться ")])
    assert stage.server.state.bots[BOT].commands == [{"command": "book", "description": "Записаться"}]

    async def refused(command: str, description: str, count: int = 1) -> str:
        return await refusal(stage.bot.set_my_commands([BotCommand(command=command, description=description)] * count))

    assert await refused("Запись", "x") == "Bad Request: BOT_COMMAND_INVALID"
    assert await refused("book", " ") == "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    assert await refused("book", "x", 101) == "Bad Request: BOT_COMMANDS_TOO_MUCH"


@play()
async def test_unknown_bots_and_methods(stage: Stage) -> None:
    with pytest.raises(TelegramNotFound, match="Not Found"):
        await stage.bot(GetFile(file_id="x"))
    async with aiogram_bot(stage.base_url, "4200000001:wrong") as stranger:
        with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
            await stranger.get_me()
    async with stage.http.get(f"{stage.base_url}/bot{TOKEN}") as response:
        assert (response.status, (await response.json())["error_code"]) == (404, 404)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b'"text"',
        b"[" * 100_000,
        b'{"chat_id": 1, "text": "\\ud800"}',
        b'{"text": "x", "reply_markup": "{\\"inline_keyboard\\": [[{\\"text\\": \\"\\\\ud800\\"}]]}"}',
        b'{"text": "x", "reply_markup": []}',
        b'{"text": "x", "reply_markup": {"inline_keyboard": 5}}',
        b'{"text": "x", "reply_markup": {"inline_keyboard": [5]}}',
        b'{"text": "x", "reply_markup": {"inline_keyboard": [[5]]}}',
        b'{"text": "x", "reply_markup": {"inline_keyboard": [[{"text": 5}]]}}',
        b'{"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": 5}]]}}',
        b'{"text": "x", "entities": "[5]"}',
        b'{"text": "x", "entities": {}}',
        b'{"text": "x", "chat_id": "' + b"9" * 5000 + b'"}',
    ],
)
@play()
async def test_senseless_bodies_are_refused_politely(stage: Stage, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    async with stage.http.post(f"{stage.base_url}/bot{TOKEN}/sendMessage", data=body, headers=headers) as response:
        answer = await response.json()
    assert (response.status, answer["ok"], answer["error_code"]) == (400, False, 400)
    assert answer["description"].startswith("Bad Request: ")


@pytest.mark.parametrize(
    ("content_type", "body", "status"),
    [
        ("application/json", BytesIO(b" " * 2_000_000), 413),
        ("application/json; charset=unheard-of", b"{}", 400),
        ("application/json", b'{"text": "\xff"}', 400),
        ("application/x-www-form-urlencoded", b"chat_id=1&text=%ff%fe", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense", 400),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Transfer-Encoding: odd\r\n" + FIELD, 400),
        ("multipart/form-data", b"--x\r\n" + FIELD, 400),
    ],
)
@play()
async def test_bodies_that_cannot_be_read(stage: Stage, content_type: str, body: Any, status: int) -> None:
    headers = {"Content-Type": content_type}
    async with stage.http.post(f"{stage.base_url}/bot{TOKEN}/sendMessage", data=body, headers=headers) as response:
        answer = await response.json()
    assert (response.status, answer["error_code"]) == (status, status)


@play()
async def test_messages_sent_at_once_get_their_own_ids(stage: Stage) -> None:
    await stage.started()
    sent = await asyncio.gather(*(stage.bot.send_message(stage.person.id, str(number)) for number in range(20)))
    assert len({message.message_id for message in sent}) == 20
