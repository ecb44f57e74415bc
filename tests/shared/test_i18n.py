"""Words: the language that somebody reads, and nothing that breaks on what he sends."""

from __future__ import annotations

from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from hypothesis import given
from hypothesis import strategies as st

from shared import i18n
from shared.errors import NotFound
from shared.i18n import preferred, words
from tests.support.hostile import texts

TEXT, RUSSIAN = NotFound.title, "Не найдено"


@pytest.mark.parametrize("language", ["ru", "RU", "ru-RU", "ru_RU", "ru-Cyrl-RU"])
def test_a_language_is_found_by_its_first_part(language: str) -> None:
    """PLAT-42."""
    assert words(language).language == "ru"
    assert words(language)(TEXT) == RUSSIAN


@pytest.mark.parametrize("language", ["", "en", "en-GB", "de", "russian", "../ru", "ru\0", "rü", "-ru", "\ud800"])
def test_what_is_unknown_is_english(language: str) -> None:
    assert words(language).language == "en"
    assert words(language)(TEXT) == TEXT


@given(language=texts(40), text=texts(40))
def test_any_language_and_text_give_a_text(language: str, text: str) -> None:
    assert words(language).language in {"ru", "en"}
    assert isinstance(words(language)(text), str)


def test_no_text_is_no_catalogues_header() -> None:
    """gettext keeps its own data under the empty text."""
    assert words("ru")("") == ""


def test_a_text_without_translation_stays() -> None:
    assert words("ru")("A text that nobody wrote.") == "A text that nobody wrote."


@given(value=texts(30))
def test_values_are_put_in_whatever_they_hold(value: str) -> None:
    assert words("ru")("{name} is {name}", name=value) == f"{value} is {value}"


def test_a_text_without_values_is_no_template() -> None:
    assert words("en")("100% {of} it {") == "100% {of} it {"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru"),
        ("en-US,en;q=0.9,ru;q=0.8", "en"),
        ("de-DE,de;q=0.9,ru;q=0.5,en;q=0.4", "ru"),
        ("en;q=0.1, ru;q=0.9", "ru"),
        ("de, fr;q=0.5", "en"),
        ("*", "en"),
        ("*, ru;q=0.1", "ru"),
        ("ru;q=0", "en"),
        ("ru;q=0.000, en;q=0.1", "en"),
        ("RU ; q=1.0", "ru"),
        ("ru,en", "ru"),
        ("en,ru", "en"),
        (" , ,ru", "ru"),
        ("ru;level=1", "en"),
        ("ru;q=high,en;q=0.1", "en"),
        ("ru;q=inf,en", "en"),
        ("ru;q=-1,en;q=0.1", "en"),
        ("x," * 20 + "ru", "en"),
        ("\0", "en"),
    ],
)
def test_the_language_that_a_header_likes_best(header: str | None, language: str) -> None:
    assert preferred(header).language == language


@given(header=texts(100) | st.text(alphabet="ruen-;q=0.19, *", max_size=60))
def test_any_header_gives_a_language(header: str) -> None:
    assert preferred(header).language in {"ru", "en"}


def test_numbers_choose_their_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-42: another language is one file more."""
    catalogue = Catalog(locale="ru")
    catalogue.add(
        ("{number} visit", "{number} visits"), string=("{number} визит", "{number} визита", "{number} визитов")
    )
    folder = tmp_path / "xx" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    with (folder / "svyaz.mo").open("wb") as file:
        write_mo(file, catalogue)
    monkeypatch.setattr(i18n, "LOCALE", tmp_path)
    for kept in (i18n.languages, i18n._catalogue):
        kept.cache_clear()
    try:
        spoken = words("xx-YY")
        counted = [spoken.count("{number} visit", "{number} visits", number) for number in (1, 2, 5, 11, 21, 104)]
        assert counted == ["1 визит", "2 визита", "5 визитов", "11 визитов", "21 визит", "104 визита"]
        assert [words("en").count("{number} visit", "{number} visits", number) for number in (1, 2, 0)] == [
            "1 visit",
            "2 visits",
            "0 visits",
        ]
    finally:
        for kept in (i18n.languages, i18n._catalogue):
            kept.cache_clear()
