"""The manual's table of rights is the one in code."""

from __future__ import annotations

from pathlib import Path

import pytest

from infra import rights
from shared.rights import ROLES, Right, Role


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_tells_who_may_do_what(language: str) -> None:
    """PLAT-33."""
    lines = rights.page(language).splitlines()
    head = next(line for line in lines if all(f"`{role}`" in line for role in Role))
    columns = [cell.strip().strip("`") for cell in head.strip("|").split("|")][1:]
    for right in Right:
        (row,) = (line for line in lines if line.startswith(f"| `{right}` |") and line.count("|") == head.count("|"))
        marks = [cell.strip() for cell in row[1:-1].split("|")][1:]
        marked = {role for role, mark in zip(columns, marks, strict=True) if mark}
        assert marked == {role for role in Role if right in ROLES[role]}


def test_every_right_is_somebodys() -> None:
    assert {right for given in ROLES.values() for right in given} == set(Right)
    assert set(ROLES) == set(Role)


def test_the_written_pages_are_checked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rights, "DOCS", tmp_path)
    assert rights.main(["--check"]) == 1
    assert "python -m infra.rights" in capsys.readouterr().err
    assert rights.main([]) == 0
    assert rights.main(["--check"]) == 0
    (tmp_path / "rights.ru.md").write_text("old", encoding="utf-8")
    assert rights.main(["--check"]) == 1


def test_the_pages_of_this_tree_are_up_to_date() -> None:
    assert rights.main(["--check"]) == 0
