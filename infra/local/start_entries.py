"""Where a newcomer may go from the start page: the demo's chats, its people, then the tools of this machine."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from infra.local.entrance import page_of, read_demo

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
    demo = read_demo(demo_path)
    chats = [entry for master in demo.get("masters", ()) for entry in _chats(master)]
    return [*chats, *(_person(person) for person in demo.get("people", ())), *_tools()]


def _chats(master: dict[str, Any]) -> list[dict[str, Any]]:
    name = master["name"]
    return [
        _entry("chats", master["web_chat"], (name, name), ("Записаться в веб-чате", "Book in the web chat")),
        _entry("chats", master["telegram_chat"], (name, name), ("То же в местном Telegram", "The same in Telegram")),
    ]


def _person(person: dict[str, Any]) -> dict[str, Any]:
    """Somebody of the demo to enter as; the page names his role in its own words."""
    name, url = person["name"], page_of(person["role"])
    entry = _entry("people", url, (name, name), (person["role"], person["role"]))
    return {**entry, "role": person["role"], "email": person["email"]}


def _tools() -> list[dict[str, Any]]:
    return [_entry("tools", url, (ru, en), (about_ru, about_en)) for url, ru, en, about_ru, about_en in TOOLS]


def _entry(group: str, url: str, title: tuple[str, str], detail: tuple[str, str]) -> dict[str, Any]:
    path = "/" + url.split("/", 3)[3] if "://" in url else url
    return {"group": group, "url": path, "title": _both(title), "detail": _both(detail)}


def _both(words: tuple[str, str]) -> dict[str, str]:
    return dict(zip(("ru", "en"), words, strict=True))
