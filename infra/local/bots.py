"""The bots that the loopback Telegram knows: their tokens are drawn once and kept in the state folder."""

from __future__ import annotations

import json
import secrets
from pathlib import Path

from infra.local.aws.files import replace_file
from infra.local.fakes.telegram import Bot

NAMES = (("svyaz_anna_bot", "Анна · запись"), ("svyaz_boris_bot", "Boris · booking"))
FIRST_ID = 700_000_001
FILE = "telegram-bots.json"


def demo_bots(state_dir: Path) -> list[Bot]:
    """The bots, each with the token it has had since the first start.

    Raises: OSError.
    """
    path = state_dir / FILE
    try:
        tokens: dict[str, str] = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        tokens = {}
    drawn = {name: f"{FIRST_ID + number}:{secrets.token_urlsafe(26)}" for number, (name, _) in enumerate(NAMES)}
    if drawn.keys() - tokens.keys():
        tokens = drawn | tokens
        replace_file(path, json.dumps(tokens).encode())
    return [Bot(tokens[username], username, name) for username, name in NAMES]
