"""Telegram's Bot API by aiogram: the one place that imports it."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import TYPE_CHECKING

from functions.messengers.channels.deferred_builds import deferred_builds
from shared.bus import OutboundMessage
from shared.errors import ProviderRejected, ProviderThrottled, ProviderUnavailable
from shared.secrets import document
from shared.settings import settings

with deferred_builds("aiogram"):
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import (
        TelegramAPIError,
        TelegramBadRequest,
        TelegramForbiddenError,
        TelegramNotFound,
        TelegramRetryAfter,
    )
    from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

if TYPE_CHECKING:
    from aiogram.types import Message

TIMEOUT_S = 6
UNCHANGED = "message is not modified"
_loop = asyncio.new_event_loop()


class TelegramSender:
    """How we speak to Telegram."""

    def send(self, message: OutboundMessage) -> str:
        """Telegram's id of the message that was sent or edited."""
        return _loop.run_until_complete(_send(_bot(message.contact.account_id), message))


@cache
def _bot(account_id: str) -> Bot:
    """One bot and one connection a process: a new one each time costs a quarter of a second."""
    url = settings().telegram_api_url.rstrip("/")
    server = TelegramAPIServer(base=f"{url}/bot{{token}}/{{method}}", file=f"{url}/file/bot{{token}}/{{path}}")
    token = str(document(f"channels/{account_id}")["bot_token"])
    return Bot(token, session=AiohttpSession(api=server, timeout=TIMEOUT_S))


async def _send(bot: Bot, message: OutboundMessage) -> str:
    try:
        sent, _ = await asyncio.gather(_say(bot, message), _stop_waiting(bot, message))
    except TelegramRetryAfter as error:
        raise ProviderThrottled("Telegram asks for a pause", retry_after_s=error.retry_after) from error
    except (TelegramForbiddenError, TelegramBadRequest, TelegramNotFound) as error:
        raise ProviderRejected(f"Telegram refused: {error.message}") from error
    except TelegramAPIError as error:
        raise ProviderUnavailable("Telegram does not answer") from error
    return sent


async def _say(bot: Bot, message: OutboundMessage) -> str:
    keyboard = _keyboard(message)
    chat = int(message.contact.chat)
    if message.edits is not None:
        try:
            await bot.edit_message_text(
                text=message.text, chat_id=chat, message_id=int(message.edits), reply_markup=keyboard
            )
        except TelegramBadRequest as error:
            if UNCHANGED not in error.message:
                return await _say(bot, message.model_copy(update={"edits": None}))
        return message.edits
    sent: Message = await bot.send_message(chat_id=chat, text=message.text, reply_markup=keyboard)
    return str(sent.message_id)


async def _stop_waiting(bot: Bot, message: OutboundMessage) -> None:
    """Answers the tap, so that the button stops spinning; too late is no harm."""
    if message.receipt is not None:
        try:
            await bot.answer_callback_query(message.receipt)
        except TelegramBadRequest:
            return


def _keyboard(message: OutboundMessage) -> InlineKeyboardMarkup | None:
    if not message.buttons:
        return None
    rows = [
        [InlineKeyboardButton(text=button.label, callback_data=button.payload) for button in row]
        for row in message.buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows)


SENDER = TelegramSender()
