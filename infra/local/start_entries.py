"""Where a newcomer may go from the start page: the demo's chats, then the tools of this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

TOOLS = (
    (
        "/_local/",
        "Письма, очереди, часы",
        "Mail, queues, the clock",
        "Что отправлено и что ждёт",
        "What was sent and what waits",
    ),
    ("/_local/fakes/telegram/", "Telegram", "Telegram", "Все чаты демонстрации", "All chats of the demo"),
)


def entries(demo_path: Path) -> list[dict[str, Any]]:
    """The entries, as the start page reads them; without demo data only the tools."""
    try:
        masters = json.loads(demo_path.read_bytes()).get("masters", [])
    except (FileNotFoundError, ValueError):
        masters = []
    return [*(entry for master in masters for entry in _chats(master)), *_tools()]


def _chats(master: dict[str, Any]) -> list[dict[str, Any]]:
    name = master["name"]
    return [
        _entry("chats", master["web_chat"], (name, name), ("Записаться в веб-чате", "Book in the web chat")),
        _entry("chats", master["telegram_chat"], (name, name), ("То же в местном Telegram", "The same in Telegram")),
    ]


def _tools() -> list[dict[str, Any]]:
    return [_entry("tools", url, (ru, en), (about_ru, about_en)) for url, ru, en, about_ru, about_en in TOOLS]


def _entry(group: str, url: str, title: tuple[str, str], detail: tuple[str, str]) -> dict[str, Any]:
    path = "/" + url.split("/", 3)[3] if "://" in url else url
    return {"group": group, "url": path, "title": _both(title), "detail": _both(detail)}


def _both(words: tuple[str, str]) -> dict[str, str]:
    return dict(zip(("ru", "en"), words, strict=True))
