"""The words that pages of several kinds say, and what roles and rights are called."""

from __future__ import annotations

import re

from shared.rights import Right, Role
from tests.shared.pages.sources import FOLDERS, files

ENTRY = re.compile(r'^  "?([a-z_.]+)"?: \{ en: "([^"]+)", ru: "([^"]+)" \},$', re.MULTILINE)
PLACE = re.compile(r"\{\w+\}")


def _words(text: str) -> dict[str, tuple[str, str]]:
    return {key: (english, russian) for key, english, russian in ENTRY.findall(text)}


def test_common_words_are_in_both_languages_and_each_is_used() -> None:
    """PLAT-42: two interface languages."""
    text = (FOLDERS["shared"] / "common.js").read_text(encoding="utf-8")
    words = _words(text)
    assert len(words) == text.count(" en: ")
    assert all(set(PLACE.findall(english)) == set(PLACE.findall(russian)) for english, russian in words.values())
    scripts = "".join(path.read_text(encoding="utf-8") for path in files(".js") if path.name != "common.js")
    assert {key for key in words if f'"{key}"' not in scripts} == set()
    assert set(re.findall(r'common\("([a-z_]+)"', scripts)) <= set(words)


def test_every_role_and_right_has_a_name() -> None:
    """PLAT-33: the table of rights is told in people's words."""
    words = _words((FOLDERS["console"] / "roles.js").read_text(encoding="utf-8"))
    assert set(words) == {*(role.value for role in Role), *(right.value for right in Right)}
