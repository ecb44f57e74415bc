"""Telegram's webhook: its secret header and its updates.

Source: https://core.telegram.org/bots/api#update (Bot API 10.2, read by aiogram 3.31.0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from functions.messengers.channels.base import Acknowledgement, is_one_of
from functions.messengers.models import ChannelAccount
from shared.bus import MAX_TEXT, ChannelLimits, Contact, InboundKind, InboundMessage
from shared.clock import now
from shared.errors import InvalidPayload

SECRET_HEADER = "x-telegram-bot-api-secret-token"  # noqa: S105  # a header's name
MAX_NAME = 128
MAX_PAYLOAD = 256


class Part(BaseModel):
    """A part of an update: what we do not need is passed over."""

    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class User(Part):
    """Who wrote."""

    id: int
    first_name: str = ""
    language_code: str = ""


class Chat(Part):
    """Where it was written."""

    id: int
    type: str


class Message(Part):
    """A message; `date` 0 means that it is too old to be edited."""

    message_id: int
    chat: Chat
    date: int = 0
    from_: Annotated[User | None, Field(alias="from")] = None
    text: str | None = None


class CallbackQuery(Part):
    """A tap on a button under a message."""

    id: str
    from_: Annotated[User, Field(alias="from")]
    message: Message | None = None
    data: str = ""


class Update(Part):
    """One thing that happened; kinds that we do not ask for stay unread."""

    update_id: int
    message: Message | None = None
    callback_query: CallbackQuery | None = None


class Telegram:
    """How Telegram speaks to us."""

    limits = ChannelLimits(buttons=40, buttons_per_row=4, label=40, payload_bytes=64, may_edit=True)
    acknowledgement = Acknowledgement()

    def is_genuine(self, headers: Mapping[str, str], raw: bytes, secrets: Iterable[str]) -> bool:  # noqa: ARG002
        """Whether the secret header is one that holds now."""
        return is_one_of(headers.get(SECRET_HEADER, ""), secrets)

    def read(self, raw: bytes, account: ChannelAccount) -> list[InboundMessage]:
        """The message in an update from a private chat, if there is one."""
        try:
            update = Update.model_validate_json(raw)
        except ValidationError:
            raise InvalidPayload("This is not an update of Telegram.") from None
        if update.callback_query is not None:
            return self._tap(update.update_id, update.callback_query, account)
        if update.message is not None:
            return self._message(update.update_id, update.message, account)
        return []

    def _message(self, update_id: int, message: Message, account: ChannelAccount) -> list[InboundMessage]:
        if message.chat.type != "private" or message.from_ is None:
            return []
        text = message.text or ""
        if text.split(maxsplit=1)[:1] == ["/start"]:
            said = {"kind": InboundKind.START, "payload": text.removeprefix("/start").strip()[:MAX_PAYLOAD]}
        else:
            said = {"kind": InboundKind.TEXT if text else InboundKind.OTHER, "text": text[:MAX_TEXT]}
        return [self._inbound(update_id, message.from_, message.chat.id, account, said)]

    def _tap(self, update_id: int, tap: CallbackQuery, account: ChannelAccount) -> list[InboundMessage]:
        held = tap.message
        if held is not None and held.chat.type != "private":
            return []
        chat = held.chat.id if held is not None else tap.from_.id
        is_editable = held is not None and held.date > 0
        said = {
            "kind": InboundKind.TAP,
            "payload": tap.data[:MAX_PAYLOAD],
            "tapped": str(held.message_id) if held is not None and is_editable else None,
            "receipt": tap.id,
        }
        return [self._inbound(update_id, tap.from_, chat, account, said)]

    def _inbound(
        self, update_id: int, user: User, chat: int, account: ChannelAccount, said: dict[str, Any]
    ) -> InboundMessage:
        return InboundMessage(
            event_id=str(update_id),
            contact=Contact(channel="telegram", account_id=account.id, chat=str(chat)),
            name=user.first_name[:MAX_NAME],
            language=user.language_code[:35],
            limits=self.limits,
            received_at=now(),
            **said,
        )


CHANNEL = Telegram()
