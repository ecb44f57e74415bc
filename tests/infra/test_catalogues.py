"""Catalogues: every text of the code is translated, and nothing else stands in them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra import catalogues

HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PLURALS = (
    '"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20)'
    ' ? 1 : 2);\\n"\n'
)
VISIT = 'msgid "{number} visit"\nmsgid_plural "{number} visits"\n'
CODE = '''
"""A module."""

w("Hello, {name}!")
raise NotFound("There is nothing here.")
w.count("{number} visit", "{number} visits", 3)
log.count("MessageSent", channel="telegram")
log.count("BookingChanged", effect="Book")
log.info("not for people")
problem_words(text)
'''


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of one module and the catalogues of two languages."""
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "a.py").write_text(CODE)
    for language in ("en", "ru"):
        folder = tmp_path / "locale" / language / "LC_MESSAGES"
        folder.mkdir(parents=True)
        (folder / "svyaz.po").write_text(HEAD + PLURALS)
    monkeypatch.setattr(catalogues, "ROOT", tmp_path)
    monkeypatch.setattr(catalogues, "SOURCES", ("functions",))
    monkeypatch.setattr(catalogues, "LOCALE", tmp_path / "locale")
    monkeypatch.setattr(catalogues, "_titles", list)
    return tmp_path


def russian(tree: Path) -> Path:
    """The catalogue that somebody translates."""
    return tree / "locale" / "ru" / "LC_MESSAGES" / "svyaz.po"


def translate(tree: Path, **texts: str) -> None:
    """Writes a whole Russian catalogue, in which some texts differ."""
    said = {
        "hello": 'msgid "Hello, {name}!"\nmsgstr "Привет, {name}!"\n',
        "nothing": 'msgid "There is nothing here."\nmsgstr "Здесь ничего нет."\n',
        "visits": VISIT + 'msgstr[0] "{number} визит"\nmsgstr[1] "{number} визита"\nmsgstr[2] "{number} визитов"\n',
    }
    russian(tree).write_text(HEAD + PLURALS + "\n" + "\n".join((said | texts).values()))


def test_texts_that_people_read_are_collected(tree: Path) -> None:
    found = [message.id for message in catalogues.collected() if message.id]
    assert found == ["Hello, {name}!", "There is nothing here.", ("{number} visit", "{number} visits")]


def test_a_whole_catalogue_has_no_faults(tree: Path) -> None:
    translate(tree)
    assert list(catalogues.faults()) == []


@pytest.mark.parametrize(
    ("part", "text", "fault"),
    [
        ("hello", "", "ru: not translated: 'Hello, {name}!'"),
        ("hello", 'msgid "Hello, {name}!"\nmsgstr ""\n', "ru: not translated: 'Hello, {name}!'"),
        (
            "hello",
            '#, fuzzy\nmsgid "Hello, {name}!"\nmsgstr "Привет, {name}!"\n',
            "ru: not translated: 'Hello, {name}!'",
        ),
        (
            "hello",
            'msgid "Hello, {name}!"\nmsgstr "Привет!"\n',
            "ru: other places than in the text: 'Hello, {name}!'",
        ),
        (
            "hello",
            'msgid "Hello, {name}!"\nmsgstr "Привет, {name} и {friend}!"\n',
            "ru: other places than in the text: 'Hello, {name}!'",
        ),
        (
            "nothing",
            'msgid "There is nothing here."\nmsgstr "Здесь нет {thing}."\n',
            "ru: other places than in the text: 'There is nothing here.'",
        ),
        (
            "visits",
            VISIT + 'msgstr[0] "{number} визит"\nmsgstr[1] "{number} визита"\nmsgstr[2] ""\n',
            "ru: not translated: ('{number} visit', '{number} visits')",
        ),
        ("old", 'msgid "Goodbye"\nmsgstr "Пока"\n', "ru: not in the code any more: 'Goodbye'"),
    ],
)
def test_a_fault_is_told(tree: Path, part: str, text: str, fault: str) -> None:
    """PLAT-42: a missing translation fails the check."""
    translate(tree, **{part: text})
    assert list(catalogues.faults()) == [fault]


def test_english_needs_no_translation_but_keeps_no_old_texts(tree: Path) -> None:
    translate(tree)
    english = tree / "locale" / "en" / "LC_MESSAGES" / "svyaz.po"
    english.write_text(HEAD + '\nmsgid "Goodbye"\nmsgstr ""\n')
    assert list(catalogues.faults()) == ["en: not in the code any more: 'Goodbye'"]


def test_updating_brings_new_texts_and_keeps_translations(tree: Path) -> None:
    translate(tree, hello="", old='msgid "Goodbye"\nmsgstr "Пока"\n')
    catalogues.update_all()
    assert list(catalogues.faults()) == ["ru: not translated: 'Hello, {name}!'"]
    assert "Здесь ничего нет." in russian(tree).read_text()
    once = russian(tree).read_text()
    catalogues.update_all()
    assert russian(tree).read_text() == once


def test_updating_guesses_no_translations(tree: Path) -> None:
    """A text that was changed a little would otherwise keep the translation of the old one."""
    translate(tree, hello='msgid "Hello, {name}"\nmsgstr "Привет, {name}"\n')
    catalogues.update_all()
    assert list(catalogues.faults()) == ["ru: not translated: 'Hello, {name}!'"]


def test_compiling_makes_what_is_newer(tree: Path) -> None:
    translate(tree)
    catalogues.compile_all()
    compiled = russian(tree).with_suffix(".mo")
    assert "Здесь ничего нет.".encode() in compiled.read_bytes()
    compiled.write_bytes(b"newer")
    os.utime(compiled, (compiled.stat().st_atime, russian(tree).stat().st_mtime + 10))
    catalogues.compile_all()
    assert compiled.read_bytes() == b"newer"
    os.utime(compiled, (0, 0))
    catalogues.compile_all()
    assert compiled.read_bytes() != b"newer"


def test_the_command_tells_by_its_status(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogues.main(["check"]) == 1
    assert "ru: not translated: 'There is nothing here.'" in capsys.readouterr().out
    translate(tree)
    assert catalogues.main(["check"]) == 0
    assert catalogues.main(["compile"]) == 0
    assert russian(tree).with_suffix(".mo").exists()
    assert catalogues.main(["update"]) == 0
    assert catalogues.main([]) == 2
    assert catalogues.main(["check", "all"]) == 2


def test_the_product_itself_is_translated() -> None:
    """PLAT-42."""
    assert list(catalogues.faults()) == []


def test_titles_of_all_errors_are_collected() -> None:
    found = {message.id for message in catalogues.collected()}
    assert {"Not found", "The time is taken", "Too many requests"} <= found
