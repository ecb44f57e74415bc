"""Text with entities: what Telegram makes of the text and parse_mode of a message. Of parse modes, HTML is imitated.

Source: core.telegram.org/bots/api#html-style; tdlib/td, MessageEntity.cpp (read 2026-11-20).
"""

import html
import re
from dataclasses import dataclass, field
from typing import NoReturn

from infra.local.fakes.telegram.errors import refuse
from infra.local.fakes.telegram.state import Json

MAX_TEXT_CHARACTERS = 4096
MAX_SOURCE_BYTES = 32_768

_ENTITY_TYPES = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
    "code": "code", "pre": "pre", "blockquote": "blockquote", "a": "text_link",
}  # fmt: skip
_MARKUP = re.compile(
    r"<(?P<is_end>/?)(?P<tag>[^\s>]*+)(?P<attributes>(?:[^>\"']|\"[^\"]*\"|'[^']*')*+)(?P<close>>?)"
    r"|&(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|lt|gt|amp|quot);?"
)
_ATTRIBUTE = re.compile(r"([^\s=\"'/]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([A-Za-z0-9.-]+))")
_LINK = re.compile(r"(?:https?|tg)://\S+", re.IGNORECASE)


@dataclass(frozen=True)
class FormattedText:
    """Text as it is shown, and its entities.

    Units: entity offsets and lengths in UTF-16 code units.
    """

    text: str
    entities: list[Json]


def format_text(source: str, parse_mode: str, entities: list[Json], *, too_long: str) -> FormattedText:
    """The text of a message, trimmed as Telegram trims it.

    Raises: `ApiError` when the text is empty, too long or not well-formed.
    """
    if not source:
        refuse("message text is empty")
    if len(source.encode()) > MAX_SOURCE_BYTES:
        refuse("text is too long")
    if parse_mode.lower() not in {"", "none", "html"}:
        refuse("unsupported parse_mode")
    parsed = _HtmlReader(source).read() if parse_mode.lower() == "html" else FormattedText(source, entities)
    trimmed = _trim(parsed)
    if not trimmed.text:
        refuse("text must be non-empty")
    if len(trimmed.text) > MAX_TEXT_CHARACTERS:
        refuse(too_long)
    return trimmed


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, in which Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _trim(parsed: FormattedText) -> FormattedText:
    text = parsed.text.strip()
    shift = utf16_length(parsed.text[: len(parsed.text) - len(parsed.text.lstrip())])
    end = utf16_length(text)
    entities = []
    for entity in parsed.entities:
        first = max(entity["offset"] - shift, 0)
        last = min(entity["offset"] - shift + entity["length"], end)
        if last > first:
            entities.append(entity | {"offset": first, "length": last - first})
    return FormattedText(text, sorted(entities, key=lambda entity: (entity["offset"], -entity["length"])))


@dataclass
class _OpenTag:
    name: str
    attributes: dict[str, str]
    offset: int


@dataclass
class _HtmlReader:
    source: str
    plain: str = ""
    offset: int = 0
    open_tags: list[_OpenTag] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def read(self) -> FormattedText:
        position = 0
        for match in _MARKUP.finditer(self.source):
            self._append(self.source[position : match.start()])
            position = match.end()
            if match["tag"] is None:
                self._append(html.unescape(match[0]))
            elif match["is_end"]:
                self._end(match)
            else:
                self._start(match)
        self._append(self.source[position:])
        if self.open_tags:
            _refuse_markup(f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].name}"')
        return FormattedText(self.plain, self.entities)

    def _append(self, text: str) -> None:
        self.plain += text
        self.offset += utf16_length(text)

    def _at(self, match: re.Match[str]) -> str:
        return f"at byte offset {len(self.source[: match.start()].encode())}"

    def _start(self, match: re.Match[str]) -> None:
        name = match["tag"].lower()
        if not match["close"]:
            _refuse_markup(f"Unclosed start tag {self._at(match)}")
        if name not in _ENTITY_TYPES:
            _refuse_markup(f'Unsupported start tag "{name}" {self._at(match)}')
        pairs = _ATTRIBUTE.findall(match["attributes"])
        attributes = {key.lower(): html.unescape(double or single or bare) for key, double, single, bare in pairs}
        if name == "span" and attributes.get("class") != "tg-spoiler":
            _refuse_markup(f'Tag "span" must have class "tg-spoiler" {self._at(match)}')
        self.open_tags.append(_OpenTag(name, attributes, self.offset))

    def _end(self, match: re.Match[str]) -> None:
        if not self.open_tags:
            _refuse_markup(f"Unexpected end tag {self._at(match)}")
        if not match["close"]:
            _refuse_markup(f"Unclosed end tag {self._at(match)}")
        opened, name = self.open_tags.pop(), match["tag"].lower()
        if name not in {"", opened.name}:
            expected = f'expected "</{opened.name}>", found "</{name}>"'
            _refuse_markup(f"Unmatched end tag {self._at(match)}, {expected}")
        if self.offset > opened.offset:
            self._keep(opened)

    def _keep(self, opened: _OpenTag) -> None:
        entity: Json = {"offset": opened.offset, "length": self.offset - opened.offset}
        entity["type"] = _ENTITY_TYPES[opened.name]
        if opened.name == "a":
            entity["url"] = opened.attributes.get("href", "")
            if not _LINK.fullmatch(entity["url"]):
                return
        self.entities.append(entity)


def _refuse_markup(reason: str) -> NoReturn:
    refuse(f"can't parse entities: {reason}")
