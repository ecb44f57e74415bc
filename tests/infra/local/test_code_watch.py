"""Changed code is noticed once."""

from __future__ import annotations

import importlib.util
import os
import py_compile
from pathlib import Path

import pytest

from infra.local.code_watch import CodeWatch, syntax_error


@pytest.fixture
def code(tmp_path: Path) -> Path:
    """A folder with a module."""
    (tmp_path / "functions").mkdir()
    (tmp_path / "functions" / "a.py").write_text("A = 1\n")
    (tmp_path / "app.py").write_text("B = 1\n")
    return tmp_path


def test_written_added_and_removed_files_are_told_once(code: Path) -> None:
    watch = CodeWatch(code, ("functions", "app.py"))
    assert watch.changed() == set()
    (code / "functions" / "a.py").write_text("A = 22\n")
    (code / "functions" / "b.py").write_text("")
    (code / "functions" / "note.txt").write_text("not code")
    (code / "app.py").unlink()
    assert {path.name for path in watch.changed()} == {"a.py", "b.py", "app.py"}
    assert watch.changed() == set()


def test_a_changed_files_compiled_form_is_removed(code: Path) -> None:
    """Two edits of the same size within one second: Python would take the old code."""
    watch = CodeWatch(code, ("functions",))
    path = code / "functions" / "a.py"
    compiled = Path(importlib.util.cache_from_source(str(path)))
    py_compile.compile(str(path), str(compiled))
    path.write_text("A = 2\n")
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    watch.changed()
    assert not compiled.exists()


def test_a_syntax_error_is_told_with_its_place(code: Path) -> None:
    path = code / "app.py"
    path.write_text("x = 1\ndef f(:\n")
    assert syntax_error({path}).startswith(f"{path}:2: ")


@pytest.mark.parametrize("content", [b"x = 1\n", b""])
def test_good_and_vanished_files_are_no_errors(code: Path, content: bytes) -> None:
    (code / "app.py").write_bytes(content)
    assert syntax_error({code / "app.py", code / "gone.py", code / "data.json"}) == ""


def test_a_file_that_is_no_text_is_an_error(code: Path) -> None:
    (code / "app.py").write_bytes(b"x = '\xff\x00'")
    assert syntax_error({code / "app.py"})
