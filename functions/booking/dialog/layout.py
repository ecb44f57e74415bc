"""Fits a screen to what a channel can show: rows, pages, short labels."""

from __future__ import annotations

from functions.booking.actions import read
from functions.booking.dialog.turn import Choice, Screen
from shared.bus import Button, ChannelLimits
from shared.i18n import Words

ELLIPSIS = "…"
ROWS_A_PAGE = 8


def rows(screen: Screen, limits: ChannelLimits, words: Words) -> tuple[tuple[Button, ...], ...]:
    """The buttons of a screen, in rows, with buttons that turn the page where there are several."""
    columns = max(1, min(screen.columns, limits.buttons_per_row))
    room = min(limits.buttons - len(screen.footer), ROWS_A_PAGE * columns)
    pages = _pages(screen.choices, room)
    page = min(screen.page, len(pages) - 1)
    shown = [_button(choice, limits) for choice in pages[page]]
    found = [tuple(shown[at : at + columns]) for at in range(0, len(shown), columns)]
    found += _turning(screen, page, len(pages), limits, words)
    found += [(_button(choice, limits),) for choice in screen.footer]
    return tuple(found)


def shortened(text: str, most: int) -> str:
    """A text of at most `most` characters, its cut marked."""
    return text if len(text) <= most else text[: most - 1].rstrip() + ELLIPSIS


def _pages(choices: tuple[Choice, ...], room: int) -> list[tuple[Choice, ...]]:
    if len(choices) <= room:
        return [choices]
    size = max(1, room - 2)
    return [choices[at : at + size] for at in range(0, len(choices), size)]


def _turning(screen: Screen, page: int, pages: int, limits: ChannelLimits, words: Words) -> list[tuple[Button, ...]]:
    turns = []
    if page > 0:
        turns.append((words("‹ Earlier"), screen.turn_page.format(page=page - 1)))
    if page < pages - 1:
        turns.append((words("More ›"), screen.turn_page.format(page=page + 1)))
    row = tuple(_button(choice, limits) for choice in turns)
    if limits.buttons_per_row >= len(row):
        return [row] if row else []
    return [(button,) for button in row]


def _button(choice: Choice, limits: ChannelLimits) -> Button:
    label, payload = choice
    if len(payload.encode()) > limits.payload_bytes or read(payload) is None:
        raise ValueError(f"a button cannot carry {payload!r}")
    return Button(label=shortened(label, limits.label), payload=payload)
