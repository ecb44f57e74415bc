"""The words people read, by gettext: a language is one file `shared/locale/<language>/LC_MESSAGES/svyaz.po`."""

from __future__ import annotations

import gettext
import re
from functools import cache
from pathlib import Path
from typing import Any

LOCALE = Path(__file__).parent / "locale"
DOMAIN = "svyaz"
DEFAULT = "en"
MAX_LIKED = 20
WEIGHT = re.compile(r"q=([01](?:\.[0-9]{0,3})?)")


class Words:
    """The words of one language; English is what stands in the code."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._catalogue = _catalogue(language)

    def __call__(self, text: str, **values: Any) -> str:
        """A text in this language, with the values put in by name."""
        found = self._catalogue.gettext(text) if text else ""
        return found.format(**values) if values else found

    def count(self, one: str, many: str, number: int, **values: Any) -> str:
        """A text that depends on a number, which it may name `number`."""
        return self._catalogue.ngettext(one, many, number).format(number=number, **values)


def words(language: str) -> Words:
    """The words of the nearest language that we speak: `ru-RU` gives Russian, what is unknown gives English."""
    primary = language.lower().replace("_", "-").split("-", 1)[0]
    return Words(primary if primary in languages() else DEFAULT)


def preferred(header: str | None) -> Words:
    """The words of the language that an `Accept-Language` header likes best among those that we speak."""
    liked = [_liking(part) for part in (header or "").split(",")[:MAX_LIKED]]
    known = [(weight, language) for weight, language in liked if weight > 0 and language in languages()]
    return words(max(known, key=lambda each: each[0])[1] if known else DEFAULT)


def _liking(part: str) -> tuple[float, str]:
    """How much one part of the header likes its language; what is no number weighs nothing."""
    name, _, parameter = part.partition(";")
    weight = WEIGHT.fullmatch(parameter.strip()) if parameter else None
    liking = 1.0 if not parameter else float(weight[1]) if weight else 0.0
    return liking, name.strip().lower().split("-", 1)[0]


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue."""
    return tuple(sorted(path.parent.parent.name for path in LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")))


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation(DOMAIN, LOCALE, [language], fallback=True)
