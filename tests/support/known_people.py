"""People whom tests and samples speak of: whatever is theirs must never be seen in a log or a metric.

Tests take names, addresses and secrets of people from here, so that `tests.support.log_watch` knows what to look for.
"""

from __future__ import annotations

import json
import re

NAME, LAST_NAME, RUSSIAN_NAME = "Olga", "Lipova-Svetlova", "Ольга"
EMAIL, OTHER_EMAIL = "olga.lipova@example.org", "boris.wheel@example.org"
PHONE = "+79990001122"
COMMENT = "second bell, the code is 4711"
PASSWORD = "four quiet otters in a boat"
CHAT = "700000001"
BOT_TOKEN = "100001:demo-anna"
WEBHOOK_SECRET = "sample-webhook-secret"

TEXTS = (NAME, LAST_NAME, RUSSIAN_NAME, EMAIL, OTHER_EMAIL, PHONE, COMMENT, PASSWORD, BOT_TOKEN, WEBHOOK_SECRET)
NUMBERS = (CHAT, PHONE.removeprefix("+"))
RUNNING_CHATS = r"8000000\d\d"
"""Those of `tests.support.running`."""
SHAPES = {
    "an e-mail address": r"[\w.+-]+@[\w-]+(\.[\w-]+)*\.[A-Za-z]{2,}",
    "a phone": r"\+\d{10,15}(?!\d)",
    "an access token": r"eyJ[\w-]{10,}\.[\w-]+\.[\w-]+",
    "an API key": r"svz_(live|test)_[0-9a-f]{32}_[\w-]{20,}",
    "a password's hash": r"\$argon2\w*\$",
}
"""What nobody's may look like."""


def leaks(text: str) -> list[str]:
    """What of these people stands in a text, also as JSON in ASCII writes it."""
    return [each for each in _PATTERNS if _PATTERNS[each].search(text)]


def _of_text(text: str) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(form) for form in (text, json.dumps(text)[1:-1])))


def _of_number(number: str) -> re.Pattern[str]:
    """A number by itself, not a part of an id or of a moment."""
    return re.compile(rf"(?<![0-9A-Za-z]){number}(?![0-9A-Za-z])")


_PATTERNS = {
    **{text: _of_text(text) for text in TEXTS},
    **{name: re.compile(shape) for name, shape in SHAPES.items()},
    **{number: _of_number(number) for number in (*map(re.escape, NUMBERS), RUNNING_CHATS)},
}
