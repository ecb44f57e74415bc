"""Where the start page leads."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from infra.local.start_entries import entries

MASTER = {
    "name": "Anna",
    "web_chat": "http://127.0.0.1:8000/chat/anna",
    "telegram_chat": "http://127.0.0.1:8000/_local/fakes/telegram/?bot=b&start=anna",
}


def test_each_master_has_his_chats(tmp_path: Path) -> None:
    """PLAT-1: addresses are of this origin, whatever the port."""
    path = tmp_path / "demo.json"
    path.write_text(json.dumps({"masters": [MASTER]}))
    chats = [entry for entry in entries(path) if entry["group"] == "chats"]
    assert [chat["url"] for chat in chats] == ["/chat/anna", "/_local/fakes/telegram/?bot=b&start=anna"]
    assert chats[0]["title"] == {"ru": "Anna", "en": "Anna"}
    assert chats[0]["detail"]["en"] == "Book in the web chat"


@pytest.mark.parametrize("content", [None, "", "{", "{}"])
def test_without_demo_data_the_tools_are_left(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "demo.json"
    if content is not None:
        path.write_text(content)
    assert {entry["group"] for entry in entries(path)} == {"tools"}


def test_each_person_is_entered_as_from_the_start_page(tmp_path: Path) -> None:
    """PLAT-4: the page gets to know the address and the page, never the password."""
    path = tmp_path / "demo.json"
    path.write_text(
        json.dumps({"people": [{"role": "master", "name": "Anna", "email": "a@b.example", "password": "p"}]})
    )
    (person,) = (entry for entry in entries(path) if entry["group"] == "people")
    assert (person["role"], person["email"], person["url"]) == ("master", "a@b.example", "/master")
    assert '"p"' not in json.dumps(person)
