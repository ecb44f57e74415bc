"""People: every act makes the update that Telegram makes of it."""

import pytest
from aiogram.types import (
    CallbackQuery,
    InaccessibleMessage,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Message,
    Update,
)
from pydantic import BaseModel, ValidationError

from infra.local.fakes.telegram import ActError
from tests.infra.local.fakes.telegram.stage import BOT, Stage, play


async def last_message(stage: Stage) -> Message:
    """The message of the newest update."""
    message = (await stage.updates())[-1].message
    assert message is not None
    return message


async def last_query(stage: Stage) -> CallbackQuery:
    """The callback query of the newest update."""
    query = (await stage.updates())[-1].callback_query
    assert query is not None
    return query


async def ask(stage: Stage, text: str, *labels: str) -> int:
    """Let the bot send a keyboard; returns the id of the message."""
    rows = [[InlineKeyboardButton(text=label, callback_data=f"go:{label}")] for label in labels]
    markup = InlineKeyboardMarkup(inline_keyboard=rows)
    return (await stage.bot.send_message(stage.person.id, text, reply_markup=markup)).message_id


@play()
async def test_a_deep_link_brings_its_payload_after_start(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.server.start(stage.person.id, BOT, "m_7Qk2")
    message = await last_message(stage)
    assert message.text == "/start m_7Qk2"
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.language_code) == (stage.person.id, "ru")
    assert (message.from_user.is_bot, message.chat.type, message.chat.id) == (False, "private", stage.person.id)
    assert message.entities is not None
    assert [(entity.type, entity.offset, entity.length) for entity in message.entities] == [("bot_command", 0, 6)]
    assert message.chat.username == "anya_test"


@play()
async def test_texts_arrive_and_long_ones_are_split(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    await stage.server.send_text(stage.person.id, BOT, "/help\nпожалуйста <b>😀")
    message = await last_message(stage)
    assert message.text == "/help\nпожалуйста <b>😀"
    assert [entity.length for entity in message.entities or []] == [5]
    last_id = await stage.server.send_text(stage.person.id, BOT, "я" * 5000)
    texts = [update.message.text or "" for update in await stage.updates() if update.message]
    assert [len(text) for text in texts[-2:]] == [4096, 904]
    assert (await last_message(stage)).message_id == last_id


@play()
async def test_attachments_have_their_true_shapes(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    server, person_id = stage.server, stage.person.id
    await server.send_sticker(person_id, BOT, "🎉")
    await server.send_voice(person_id, BOT, 7)
    await server.send_photo(person_id, BOT, "мой ключ")
    await server.send_location(person_id, BOT, 59.93, 30.31)
    messages = [update.message for update in await stage.updates() if update.message]
    _, sticker, voice, photo, location = messages
    assert sticker.sticker is not None
    assert (sticker.sticker.emoji, sticker.sticker.type) == ("🎉", "regular")
    assert voice.voice is not None
    assert (voice.voice.duration, voice.voice.mime_type) == (7, "audio/ogg")
    assert photo.photo is not None
    assert [size.width for size in photo.photo] == sorted(size.width for size in photo.photo)
    assert photo.caption == "мой ключ"
    assert location.location is not None
    assert (location.location.latitude, location.location.longitude) == (59.93, 30.31)
    file_ids = [sticker.sticker.file_id, voice.voice.file_id, *(size.file_id for size in photo.photo)]
    assert len(set(file_ids)) == 5


@play()
async def test_an_own_contact_names_its_owner_and_a_strangers_card_does_not(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    await stage.server.send_contact(stage.person.id, BOT)
    own = (await last_message(stage)).contact
    assert own is not None
    assert (own.user_id, own.phone_number, own.first_name) == (stage.person.id, "447700900000", "Аня")
    await stage.server.send_contact(stage.person.id, BOT, "+447700900123", "Мастер")
    other = (await last_message(stage)).contact
    assert other is not None
    assert (other.user_id, other.phone_number) == (None, "+447700900123")


@play()
async def test_a_tap_sends_the_data_with_the_message(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    message_id = await ask(stage, "День?", "Пн", "Вт")
    [callback_id] = await stage.server.tap(stage.person.id, BOT, label="Вт")
    query = await last_query(stage)
    assert (query.id, query.data, query.from_user.id) == (callback_id, "go:Вт", stage.person.id)
    assert isinstance(query.message, Message)
    assert (query.message.message_id, query.message.text) == (message_id, "День?")
    assert query.message.reply_markup is not None
    await stage.server.tap(stage.person.id, BOT, data="go:Пн")
    assert (await last_query(stage)).chat_instance == query.chat_instance


@play()
async def test_a_stale_button_still_sends_its_data(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    message_id = await ask(stage, "День?", "Пн")
    await stage.bot.edit_message_text("Готово", chat_id=stage.person.id, message_id=message_id)
    await stage.server.tap(stage.person.id, BOT, label="Пн")
    query = await last_query(stage)
    assert query.data == "go:Пн"
    assert isinstance(query.message, Message)
    assert (query.message.text, query.message.reply_markup) == ("Готово", None)


@play()
async def test_a_button_shown_now_goes_before_a_stale_one(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    shown = await ask(stage, "Первый", "Да")
    stale = await ask(stage, "Второй", "Да")
    await stage.bot.delete_message(stage.person.id, stale)
    await stage.server.tap(stage.person.id, BOT, label="Да")
    message = (await last_query(stage)).message
    assert message is not None
    assert message.message_id == shown


@play()
async def test_the_message_of_a_tap_can_be_inaccessible(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    message_id = await ask(stage, "День?", "Пн")
    await stage.bot.delete_message(stage.person.id, message_id)
    await stage.server.tap(stage.person.id, BOT, label="Пн")
    message = (await last_query(stage)).message
    assert isinstance(message, InaccessibleMessage)
    assert (message.message_id, message.date) == (message_id, 0)


@play()
async def test_a_client_can_send_any_data_for_a_message(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    message_id = await ask(stage, "День?", "Пн")
    await stage.server.tap(stage.person.id, BOT, data="forged", message_id=message_id)
    assert (await last_query(stage)).data == "forged"
    with pytest.raises(ActError, match="64 bytes"):
        await stage.server.tap(stage.person.id, BOT, data="я" * 33, message_id=message_id)


@play()
async def test_a_double_tap_makes_two_queries(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    await ask(stage, "День?", "Пн")
    ids = await stage.server.double_tap(stage.person.id, BOT, label="Пн")
    queries = [update.callback_query for update in await stage.updates() if update.callback_query]
    assert [query.id for query in queries] == ids
    assert len(set(ids)) == 2


@play()
async def test_blocking_and_unblocking_tell_the_bot(stage: Stage) -> None:
    await stage.set_webhook()
    await stage.started()
    await stage.server.block(stage.person.id, BOT)
    await stage.server.block(stage.person.id, BOT)
    with pytest.raises(ActError, match="unblock the bot first"):
        await stage.server.send_text(stage.person.id, BOT, "?")
    await stage.started()
    changes = [update.my_chat_member for update in await stage.updates() if update.my_chat_member]
    assert [(change.old_chat_member.status, change.new_chat_member.status) for change in changes] == [
        ("member", "kicked"),
        ("kicked", "member"),
    ]
    assert changes[0].new_chat_member.user.username == BOT
    assert changes[0].from_user.id == stage.person.id


@play()
async def test_the_last_update_can_be_delivered_again(stage: Stage) -> None:
    await stage.set_webhook()
    with pytest.raises(ActError, match="no update yet"):
        await stage.server.redeliver(BOT)
    await stage.started()
    [first] = await stage.updates()
    assert await stage.server.redeliver(BOT) == first.update_id
    await stage.updates()
    assert stage.receiver.bodies[1:] == stage.receiver.bodies[:1]


@play()
async def test_what_a_person_cannot_do(stage: Stage) -> None:
    server, person_id = stage.server, stage.person.id
    with pytest.raises(ActError, match="press Start first"):
        await server.send_text(person_id, BOT, "?")
    await stage.started()
    for act, status in (
        (server.send_text(1, BOT, "?"), 404),
        (server.send_text(person_id, "other_bot", "?"), 404),
        (server.send_text(person_id, BOT, " \n"), 422),
        (server.tap(person_id, BOT, label="нет такой"), 404),
        (server.tap(person_id, BOT, data="x", message_id=999), 404),
        (server.create_person("Двойник", person_id=person_id), 409),
    ):
        with pytest.raises(ActError) as caught:
            await act
        assert caught.value.status == status


@play()
async def test_values_out_of_bounds(stage: Stage) -> None:
    server, person_id = stage.server, stage.person.id
    for act in (
        server.start(person_id, BOT, "x" * 65),
        server.start(person_id, BOT, "a b"),
        server.send_location(person_id, BOT, 91, 0),
        server.send_voice(person_id, BOT, 0),
        server.send_text(person_id, BOT, "\ud800"),
        server.tap(person_id, BOT, label="x", times=51),
        server.create_person(""),
        server.create_person("x", username="!"),
        server.create_person("x", id="5", language_code="русский"),
    ):
        with pytest.raises(ValidationError):
            await act


@play()
async def test_every_update_is_complete(stage: Stage) -> None:
    """No field of any update is unknown to aiogram."""
    await stage.set_webhook()
    await stage.started()
    server, person_id = stage.server, stage.person.id
    await ask(stage, "?", "Да")
    await server.tap(person_id, BOT, label="Да")
    for act in (server.send_sticker, server.send_voice, server.send_photo, server.send_contact, server.block):
        await act(person_id, BOT)
    for update in await stage.updates():
        assert unknown_fields(update) == []
    assert {update.event_type for update in await stage.updates()} == {"message", "callback_query", "my_chat_member"}


def unknown_fields(value: object) -> list[str]:
    """Names that aiogram's models do not know, at any depth."""
    if isinstance(value, list):
        return [name for item in value for name in unknown_fields(item)]
    if not isinstance(value, BaseModel):
        return []
    extra = list(value.model_extra or {})
    return extra + [name for field in type(value).model_fields for name in unknown_fields(getattr(value, field))]


def test_unknown_fields_would_be_seen() -> None:
    update = Update.model_validate({"update_id": 1, "message": None, "novelty": 5})
    assert unknown_fields(update) == ["novelty"]
