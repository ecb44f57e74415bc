"""The reply_markup of a message: checked and brought to the form in which Telegram gives it back.

Source: core.telegram.org/bots/api#inlinekeyboardmarkup; tdlib/telegram-bot-api, Client.cpp (read 2026-11-20).
"""

import re
from typing import Any

from infra.local.fakes.telegram.arguments import parse_json
from infra.local.fakes.telegram.errors import refuse
from infra.local.fakes.telegram.state import Json

MAX_BUTTONS = 100
MAX_ROW_BUTTONS = 12
MAX_MARKUP_BYTES = 10_240
MAX_CALLBACK_DATA_BYTES = 64

_BUTTON_KINDS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip
_URL = re.compile(r"(?:https?|tg)://\S+", re.IGNORECASE)


def parse_markup(source: str, *, is_edit: bool = False) -> Json | None:
    """The markup to keep: inline keyboard, reply keyboard, its removal, or None.

    Raises: `ApiError` with Telegram's wording.
    """
    markup = _load(source)
    if rows := markup.get("inline_keyboard"):
        keyboard = _rows(rows, _inline_button, 'Field "inline_keyboard" of the InlineKeyboardMarkup')
        return {"inline_keyboard": keyboard} if keyboard else None
    if is_edit and {"keyboard", "remove_keyboard", "force_reply"} & markup.keys():
        refuse("inline keyboard expected")
    if rows := markup.get("keyboard"):
        return markup | {"keyboard": _rows(rows, _reply_button, 'Field "keyboard"')}
    return {"remove_keyboard": True} if markup.get("remove_keyboard") is True else None


def _load(source: str) -> Json:
    if len(source.encode()) > MAX_MARKUP_BYTES:
        refuse("reply markup is too long")
    markup = parse_json(source or "{}", "reply keyboard markup JSON object")
    if not isinstance(markup, dict):
        refuse("object expected as reply markup")
    return markup


def _rows(rows: Any, parse_button: Any, field: str) -> list[list[Json]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        refuse(f"{field} must be an Array of Arrays")
    if sum(map(len, rows)) > MAX_BUTTONS:
        refuse("reply markup is too long")
    parsed = [[parse_button(button) for button in row[:MAX_ROW_BUTTONS]] for row in rows]
    return [row for row in ([button for button in row if button["text"]] for row in parsed) if row]


def _reply_button(button: Any) -> Json:
    if isinstance(button, str):
        return {"text": button}
    return _with_text(button, "keyboard button: KeyboardButton must be a String or an Object")


def _inline_button(button: Any) -> Json:
    checked = _with_text(button, "inline keyboard button: InlineKeyboardButton must be an Object")
    kind = next((kind for kind in _BUTTON_KINDS if checked.get(kind) not in (None, "")), None)
    if kind is None:
        refuse("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    value = checked[kind]
    if kind == "callback_data" and not (isinstance(value, str) and len(value.encode()) <= MAX_CALLBACK_DATA_BYTES):
        refuse("BUTTON_DATA_INVALID")
    if kind == "url" and not (isinstance(value, str) and _URL.fullmatch(value)):
        refuse(f"inline keyboard button URL '{value}' is invalid: Wrong HTTP URL")
    return {"text": checked["text"], kind: value}


def _with_text(button: Any, expected: str) -> Json:
    if not isinstance(button, dict):
        refuse(f"can't parse {expected}")
    if not isinstance(button.get("text"), str):
        refuse('can\'t parse inline keyboard button: Field "text" must be of type String')
    return button
