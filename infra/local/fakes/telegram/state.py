"""What Telegram remembers: people, chats, messages, webhooks, undelivered updates. No I/O and no clock."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import BaseModel, Field

Json = dict[str, Any]
Clock = Callable[[], datetime]

KEPT_MESSAGES = 400
KEPT_ANSWERS = 20
KEPT_CALLBACKS = 200
MESSAGE_LIFE_S = 86_400
CALLBACK_LIFE_S = 150
"""Source: tdlib/telegram-bot-api, Client.cpp: life of an undelivered update (read 2026-11-20)."""


@dataclass(frozen=True)
class Bot:
    """A bot as its owner got it from BotFather."""

    token: str
    username: str
    name: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[1-9][0-9]{0,15}:[A-Za-z0-9_-]+", self.token):
            raise ValueError("a bot token is <digits>:<letters, digits, _ and ->")
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]{3,31}", self.username):
            raise ValueError("a bot username is 4 to 32 letters, digits and underscores")

    def user(self) -> Json:
        """The bot as a Telegram `User`."""
        bot_id = int(self.token.partition(":")[0])
        return {"id": bot_id, "is_bot": True, "first_name": self.name, "username": self.username}


class Person(BaseModel):
    """A person with a Telegram account.

    Shape: `phone_number` is digits, with or without `+`, as Telegram clients send it.
    """

    id: int = Field(gt=0, lt=2**52)
    first_name: str = Field(min_length=1, max_length=64)
    last_name: str | None = Field(default=None, min_length=1, max_length=64)
    username: str | None = Field(default=None, pattern=r"^[A-Za-z][A-Za-z0-9_]{3,31}$")
    language_code: str | None = Field(default=None, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")
    phone_number: str = Field(default="447700900000", pattern=r"^\+?[0-9]{7,15}$")

    def user(self) -> Json:
        """The person as a Telegram `User`."""
        language = {"language_code": self.language_code} if self.language_code else {}
        return {"id": self.id, "is_bot": False} | self.names() | language

    def chat(self) -> Json:
        """The private chat with the person as a Telegram `Chat`."""
        return {"id": self.id} | self.names() | {"type": "private"}

    def names(self) -> Json:
        """The names that the person has set."""
        return self.model_dump(include={"first_name", "last_name", "username"}, exclude_none=True)


class Entry(BaseModel):
    """One message of a chat, and the keyboards it had before."""

    message: Json
    old_keyboards: list[list[list[Json]]] = []
    is_deleted: bool = False

    @property
    def keyboard(self) -> list[list[Json]]:
        """Rows of inline buttons under the message now."""
        rows: list[list[Json]] = self.message.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    def keep_keyboard(self) -> None:
        """Remember today's keyboard: a client that has not refreshed may still tap it."""
        if self.keyboard:
            self.old_keyboards = [*self.old_keyboards[-9:], self.keyboard]


class Answer(BaseModel):
    """What the bot answered to a tap."""

    callback_id: str
    text: str = ""
    is_alert: bool = False
    url: str = ""


class Chat(BaseModel):
    """The private chat of one person with one bot."""

    instance: str = Field(default_factory=lambda: str(secrets.randbits(63)))
    entries: list[Entry] = []
    answers: list[Answer] = []
    reply_keyboard: Json | None = None
    is_blocked: bool = False
    typing_until: float = 0
    revision: int = 0

    def entry(self, message_id: int) -> Entry | None:
        """The message, also a deleted one; None when it never was or is forgotten."""
        return next((entry for entry in reversed(self.entries) if entry.message["message_id"] == message_id), None)

    def add(self, message: Json) -> None:
        """Append a message and forget the oldest past the limit."""
        self.entries = [*self.entries[1 - KEPT_MESSAGES :], Entry(message=message)]
        self.revision += 1

    def answer(self, answer: Answer) -> None:
        """Show the answer to a tap."""
        self.answers = [*self.answers[1 - KEPT_ANSWERS :], answer]
        self.revision += 1


class Callback(BaseModel):
    """A tap that waits for its answer."""

    person_id: int
    expires_at: float
    is_answered: bool = False


class Webhook(BaseModel):
    """Where a bot wants its updates."""

    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    allowed_updates: list[str] = []
    last_error_date: int | None = None
    last_error_message: str | None = None


class PendingUpdate(BaseModel):
    """An update on its way; the order is kept inside one chat only."""

    person_id: int
    body: Json
    expires_at: float
    fail_count: int = 0


class BotState(BaseModel):
    """All that belongs to one bot. In private chats message ids are counted per bot, not per chat."""

    chats: dict[int, Chat] = {}
    webhook: Webhook = Field(default_factory=Webhook)
    pending: list[PendingUpdate] = []
    callbacks: dict[str, Callback] = {}
    commands: list[Json] = []
    last_update: PendingUpdate | None = None
    next_message_id: int = 1
    next_update_id: int = Field(default_factory=lambda: 100_000_000 + secrets.randbelow(800_000_000))

    def new_message(self, sender: Json, person: Person, now: datetime) -> Json:
        """A message without content, under the next number."""
        self.next_message_id += 1
        head = {"message_id": self.next_message_id - 1, "from": sender, "chat": person.chat()}
        return head | {"date": int(now.timestamp())}

    def new_update(self, kind: str, person_id: int, content: Json, now: datetime) -> None:
        """Queue an update, unless the bot did not ask for its kind."""
        if self.webhook.allowed_updates and kind not in self.webhook.allowed_updates:
            return
        life_s = CALLBACK_LIFE_S if kind == "callback_query" else MESSAGE_LIFE_S
        body = {"update_id": self.next_update_id, kind: content}
        update = PendingUpdate(person_id=person_id, body=body, expires_at=now.timestamp() + life_s)
        self.next_update_id += 1
        self.last_update = update
        self.pending.append(update.model_copy())

    def new_callback(self, person_id: int, expires_at: float) -> str:
        """The id of a new tap."""
        callback_id = str(secrets.randbits(63))
        kept = list(self.callbacks.items())[1 - KEPT_CALLBACKS :]
        self.callbacks = dict(kept) | {callback_id: Callback(person_id=person_id, expires_at=expires_at)}
        return callback_id


class State(BaseModel):
    """All that is kept in the state file. Tokens are not in it."""

    people: dict[int, Person] = {}
    bots: dict[str, BotState] = {}
