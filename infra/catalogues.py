"""Catalogues of words: collected from the code, checked, compiled.

`python -m infra.catalogues compile` makes what the code reads; `check` fails where a text has no translation or a
translation no text; `update` writes new texts into the `.po` files for somebody to translate.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from shared import errors
from shared.i18n import DEFAULT, DOMAIN, LOCALE

ROOT = Path(__file__).parent.parent
SOURCES = ("functions", "shared")
PLACE = re.compile(r"\{(\w+)[^}]*\}")


def keywords() -> dict[str, tuple[int, ...] | None]:
    """Whose first argument people read: the words themselves, and every error."""
    classes = [name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, Exception)]
    spoken = ["w", "words", "problem_words", "AlreadyDone", "Outdated", "Gone", *classes]
    return {"count": (1, 2), **dict.fromkeys(spoken)}


def collected() -> Catalog:
    """Every text in the code that people read."""
    catalog = Catalog(project="svyaz", locale=None)
    for source in SOURCES:
        for name, line, message, _, _ in extract_from_dir(ROOT / source, keywords=keywords()):
            if message and not _is_metric(message):
                catalog.add(message, locations=[(f"{source}/{name}", line)])
    for title in _titles():
        catalog.add(title, locations=[("shared/errors.py", 1)])
    return catalog


def _titles() -> list[str]:
    found = vars(errors).values()
    return [each.title for each in found if isinstance(each, type) and issubclass(each, errors.SvyazError)]


def _is_metric(message: str | tuple[str, ...]) -> bool:
    """Whether it comes from `log.count`, which the extractor cannot tell from the words' own `count`."""
    return isinstance(message, tuple) and "{number" not in message[-1]


def compile_all() -> None:
    """Writes the `.mo` of every language, where its `.po` is newer."""
    for path in _files():
        compiled = path.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < path.stat().st_mtime:
            with compiled.open("wb") as file:
                write_mo(file, _read(path))


def update_all() -> None:
    """Brings every `.po` up to the code."""
    for path in _files():
        catalog = _read(path)
        catalog.update(collected(), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_output=True, no_location=True, omit_header=False)


def faults() -> Iterator[str]:
    """What is wrong with the catalogues."""
    wanted = {message.id: message for message in collected() if message.id}
    for path in _files():
        catalog = _read(path)
        language = path.parent.parent.name
        given = {message.id: message for message in catalog if message.id}
        yield from (f"{language}: not in the code any more: {text!r}" for text in given.keys() - wanted.keys())
        if language != DEFAULT:
            yield from (f"{language}: {fault}" for text in wanted for fault in _wrong(text, given.get(text)))


def _wrong(text: str | Sequence[str], message: Message | None) -> Iterator[str]:
    string = message.string if message is not None else None
    said = [string] if isinstance(string, str) else list(string or [])
    if message is None or message.fuzzy or not said or not all(said):
        yield f"not translated: {text!r}"
        return
    asked = set(PLACE.findall(text if isinstance(text, str) else text[-1]))
    for form in said:
        if set(PLACE.findall(form)) - asked or (isinstance(text, str) and asked - set(PLACE.findall(form))):
            yield f"other places than in the text: {text!r}"


def _files() -> list[Path]:
    return sorted(LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def main(arguments: list[str]) -> int:
    """Does what the command line asks; gives the exit status."""
    match arguments:
        case ["compile"]:
            compile_all()
        case ["update"]:
            update_all()
        case ["check"]:
            found = list(faults())
            print("\n".join(found) or "catalogues: every text is translated")
            return 1 if found else 0
        case _:
            print("usage: python -m infra.catalogues compile|update|check", file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
