"""The words of pages: each in every language, each used."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shared.pages.sources import files, imports, words_of

LANGUAGES = {"en", "ru"}
IN_PAGE = re.compile(r'data-words(?:-label|-placeholder)?="([a-z_]+)"')
IN_SCRIPT = re.compile(r'"([a-z_]+)"')
PLACE = re.compile(r"\{\w+\}")
WORDS = [path for path in files("_words.js") if path.with_name(path.name.replace("_words.js", ".html")).is_file()]
"""Those of pages; words that a part of a page shows have tests of their own."""


def users(words: Path) -> list[Path]:
    """The page and scripts that speak these words."""
    page = words.with_name(words.name.replace("_words.js", ".html"))
    script = words.with_name(words.name.replace("_words.js", ".js"))
    return [page, script, *(module for module in imports(script) if module != words)]


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.name)
def test_every_word_is_in_every_language(path: Path) -> None:
    """PLAT-42: two interface languages."""
    for key, texts in words_of(path).items():
        assert set(texts) == LANGUAGES, key
        assert all(text.strip() for text in texts.values()), key
        assert len({tuple(sorted(PLACE.findall(text))) for text in texts.values()}) == 1, key


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.name)
def test_every_word_that_a_page_names_exists(path: Path) -> None:
    page, *scripts = users(path)
    named = set(IN_PAGE.findall(page.read_text(encoding="utf-8")))
    said = {key for script in scripts for key in re.findall(r'say\("([a-z_]+)"', script.read_text(encoding="utf-8"))}
    assert named | said <= set(words_of(path))


@pytest.mark.parametrize("path", WORDS, ids=lambda path: path.name)
def test_every_word_is_used(path: Path) -> None:
    page, *scripts = users(path)
    used = set(IN_PAGE.findall(page.read_text(encoding="utf-8")))
    used |= {key for script in scripts for key in IN_SCRIPT.findall(script.read_text(encoding="utf-8"))}
    assert set(words_of(path)) <= used


def test_each_page_has_words() -> None:
    assert {path.name for path in WORDS} == {path.name.replace(".html", "_words.js") for path in files(".html")}
