"""Pages as written: nothing inline, nothing from elsewhere, nothing missing."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.shared.pages.sources import REFERENCE, asset, files, imports

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|=.javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE)
MARKUP_SINKS = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function")
ELSEWHERE = re.compile(r"""(?:src|href|url\(|import|from|fetch\()\s*=?\s*["'(]+(?:https?:)?//""")
PAGES = files(".html")
SCRIPTS = files(".js")


def modules(script: Path) -> set[Path]:
    """A module and all that it needs."""
    found: set[Path] = set()
    open_ends = [script]
    while open_ends:
        module = open_ends.pop()
        if module not in found:
            found.add(module)
            open_ends += imports(module)
    return found


def assets(page: Path) -> list[Path]:
    """The files that a page loads."""
    addresses = REFERENCE.findall(page.read_text(encoding="utf-8"))
    return [asset(address, page) for address in addresses if address.startswith("/assets/")]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_nothing_is_inline(page: Path) -> None:
    assert INLINE.findall(page.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_every_file_of_a_page_exists(page: Path) -> None:
    missing = [path.name for path in assets(page) if not path.is_file()]
    assert (missing, assets(page) != []) == ([], True)


def test_every_file_belongs_to_a_page() -> None:
    used = {path for page in PAGES for path in assets(page)}
    assert {path.name for suffix in (".css", ".js", ".svg") for path in files(suffix) if path not in used} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_preloads_every_module(page: Path) -> None:
    script = page.with_suffix(".js")
    assert modules(script) == {path for path in assets(page) if path.suffix == ".js"}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_a_page_fits_phones_and_both_schemes(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert '<meta name="viewport" content="width=device-width, initial-scale=1' in text
    assert '<meta name="color-scheme" content="light dark">' in text
    assert "user-scalable" not in text


@pytest.mark.parametrize("path", [*SCRIPTS, *files(".css"), *PAGES], ids=lambda path: path.name)
def test_nothing_comes_from_elsewhere(path: Path) -> None:
    assert ELSEWHERE.findall(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_no_script_makes_markup_of_texts(script: Path) -> None:
    assert MARKUP_SINKS.findall(script.read_text(encoding="utf-8")) == []
