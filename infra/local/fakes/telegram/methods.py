"""The Bot API methods that a bot in private chats needs.

Source: core.telegram.org/bots/api; wording of refusals: tdlib/telegram-bot-api, Client.cpp (read 2026-11-20).
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from infra.local.fakes.telegram.arguments import Arguments
from infra.local.fakes.telegram.errors import blocked, refuse, too_many_requests
from infra.local.fakes.telegram.flood import FloodGate
from infra.local.fakes.telegram.formatting import format_text
from infra.local.fakes.telegram.keyboards import parse_markup
from infra.local.fakes.telegram.state import Answer, Bot, BotState, Chat, Entry, Json, Person

TYPING_S = 5
MAX_ANSWER_CHARACTERS = 200
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION_CHARACTERS = 256
CHAT_ACTION = re.compile(
    "typing|choose_sticker|find_location|upload_(photo|document)|(record|upload)_(video|voice|video_note)",
    re.IGNORECASE,
)
_ABILITIES = (
    "can_join_groups", "can_read_all_group_messages", "supports_inline_queries", "supports_guest_queries",
    "can_connect_to_business", "has_main_web_app", "has_topics_enabled", "allows_users_to_create_topics",
    "can_manage_bots",
)  # fmt: skip
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current "
    "content and reply markup of the message"
)


@dataclass(frozen=True)
class Call:
    """One call of a bot."""

    bot: Bot
    state: BotState
    people: Mapping[int, Person]
    gate: FloodGate
    arguments: Arguments
    now: datetime

    def chat(self) -> Chat:
        """The chat that the call names; one that nobody has opened does not exist."""
        if not self.arguments.text("chat_id"):
            refuse("chat_id is empty")
        chat = self.state.chats.get(self.arguments.number("chat_id"))
        if chat is None:
            refuse("chat not found")
        return chat

    def open_chat(self) -> Chat:
        """The chat, unless its person has blocked the bot."""
        chat = self.chat()
        if chat.is_blocked:
            raise blocked()
        return chat

    def admit(self) -> None:
        """Pass, unless the bot writes too fast."""
        wait_s = self.gate.wait_s(self.arguments.number("chat_id"), self.now.timestamp())
        if wait_s > 0:
            raise too_many_requests(math.ceil(wait_s))

    def entry(self, chat: Chat, purpose: str) -> Entry:
        """The message that the call names."""
        entry = chat.entry(self.arguments.number("message_id"))
        if entry is None or entry.is_deleted:
            refuse(f"message to {purpose} not found")
        return entry

    def formatted(self, *, too_long: str) -> Json:
        """The text and the entities of the call as fields of a message."""
        arguments = self.arguments
        entities = [_entity(entity) for entity in arguments.array("entities", "MessageEntity")]
        formatted = format_text(arguments.text("text"), arguments.text("parse_mode"), entities, too_long=too_long)
        return {"text": formatted.text} | ({"entities": formatted.entities} if formatted.entities else {})


def _entity(entity: Any) -> Json:
    fields = {"type": str, "offset": int, "length": int}
    if not isinstance(entity, dict) or not all(isinstance(entity.get(name), kind) for name, kind in fields.items()):
        refuse("can't parse MessageEntity: expected an Object")
    return entity


def get_me(call: Call) -> Json:
    """The bot as a `User` with its abilities."""
    return call.bot.user() | dict.fromkeys(_ABILITIES, False)


def send_message(call: Call) -> Json:
    """The sent message."""
    content = call.formatted(too_long="message is too long")
    markup = parse_markup(call.arguments.text("reply_markup"))
    chat = call.open_chat()
    call.admit()
    person = call.people[call.arguments.number("chat_id")]
    message = call.state.new_message(call.bot.user(), person, call.now) | content
    if markup and "inline_keyboard" in markup:
        message["reply_markup"] = markup
    elif markup:
        chat.reply_keyboard = markup if "keyboard" in markup else None
    chat.typing_until = 0
    chat.add(message)
    return message


def edit_message_text(call: Call) -> Json:
    """The edited message; without reply_markup its keyboard is gone."""
    content = call.formatted(too_long="MESSAGE_TOO_LONG")
    return _edit(call, content)


def edit_message_reply_markup(call: Call) -> Json:
    """The message with another keyboard, or with none."""
    return _edit(call, None)


def _edit(call: Call, content: Json | None) -> Json:
    markup = parse_markup(call.arguments.text("reply_markup"), is_edit=True)
    if not call.arguments.text("chat_id") and not call.arguments.text("message_id"):
        refuse("message identifier is not specified")
    chat = call.chat()
    entry = call.entry(chat, "edit")
    if not entry.message["from"]["is_bot"]:
        refuse("message can't be edited")
    old = entry.message
    kept = {name: value for name, value in old.items() if name not in {"reply_markup", "edit_date"}}
    if content is not None:
        kept = {name: value for name, value in kept.items() if name != "entities"} | content
    edited = kept | ({"reply_markup": markup} if markup else {})
    if edited == {name: value for name, value in old.items() if name != "edit_date"}:
        refuse(_NOT_MODIFIED)
    call.admit()
    entry.keep_keyboard()
    entry.message = edited | {"edit_date": int(call.now.timestamp())}
    chat.revision += 1
    return entry.message


def delete_message(call: Call) -> bool:
    """True; the message is gone for both."""
    if not call.arguments.text("chat_id"):
        refuse("chat identifier is not specified")
    if not call.arguments.number("message_id"):
        refuse("message identifier is not specified")
    chat = call.chat()
    entry = call.entry(chat, "delete")
    entry.keep_keyboard()
    entry.is_deleted = True
    chat.revision += 1
    return True


def answer_callback_query(call: Call) -> bool:
    """True; the person sees the first answer."""
    arguments = call.arguments
    callback_id = arguments.text("callback_query_id")
    callback = call.state.callbacks.get(callback_id)
    if callback is None or call.now.timestamp() > callback.expires_at:
        refuse("query is too old and response timeout expired or query ID is invalid")
    if len(arguments.text("text")) > MAX_ANSWER_CHARACTERS:
        refuse("MESSAGE_TOO_LONG")
    if not callback.is_answered:
        callback.is_answered = True
        answer = Answer(callback_id=callback_id, text=arguments.text("text"), is_alert=arguments.flag("show_alert"))
        answer.url = arguments.text("url")
        call.state.chats[callback.person_id].answer(answer)
    return True


def send_chat_action(call: Call) -> bool:
    """True; the person sees that the bot is busy for 5 s or until its next message."""
    if not CHAT_ACTION.fullmatch(call.arguments.text("action")):
        refuse("wrong parameter action in request")
    chat = call.open_chat()
    chat.typing_until = call.now.timestamp() + TYPING_S
    chat.revision += 1
    return True


def set_my_commands(call: Call) -> bool:
    """True; the menu of the bot shows the commands."""
    commands = call.arguments.array("commands", "BotCommand")
    if len(commands) > MAX_COMMANDS:
        refuse("BOT_COMMANDS_TOO_MUCH")
    call.state.commands = [_command(command) for command in commands]
    return True


def _command(command: Any) -> Json:
    if not isinstance(command, dict) or not {"command", "description"} <= command.keys():
        refuse("can't parse BotCommand: expected an Object")
    name, description = str(command["command"]).strip().removeprefix("/"), str(command["description"]).strip()
    if not re.fullmatch(r"[a-z0-9_]{1,32}", name):
        refuse("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= MAX_COMMAND_DESCRIPTION_CHARACTERS:
        refuse("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


METHODS: Mapping[str, Callable[[Call], Any]] = {
    function.__name__.replace("_", ""): function
    for function in (
        get_me, send_message, edit_message_text, edit_message_reply_markup, delete_message, answer_callback_query,
        send_chat_action, set_my_commands,
    )
}  # fmt: skip
