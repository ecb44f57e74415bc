"""Code that changes is run as it now is; code that is broken changes nothing."""

from __future__ import annotations

import asyncio
import json
import textwrap
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from infra.local.code_watch import CodeWatch
from infra.local.reload import Reloader
from infra.local.runtime import Options
from tests.infra.local.conftest import Local, start, stop

SOURCE = """
import json

def definitions(event, context):
    function = {{"name": "f", "handler": "reloaded.answer", "timeout_s": 5}}
    paths = {paths}
    return {{"routes": [{{"method": "GET", "path": path, "function": function}} for path in paths]}}

def answer(event, context):
    return {{"statusCode": 200, "body": json.dumps("{words}")}}
"""


class Edited:
    """A running product whose code can be edited."""

    def __init__(self, folder: Path, local: Local) -> None:
        self.folder = folder
        self.local = local

    def write(self, words: str, *paths: str) -> None:
        """Writes the module anew."""
        write(self.folder, words, *paths)

    def told(self, text: str) -> None:
        """Waits until the terminal has said it, and all workers have loaded the code; forgets what was said."""
        lines, lane = self.local.terminal.lines, self.local.runtime.functions._http
        self.local.until(lambda: any(text in line for line in lines))
        self.local.until(lambda: lane.is_settled)
        lines.clear()

    def get(self, path: str) -> str | int:
        """The words of an answer, or its status."""
        answer = httpx.get(self.local.base_url + path)
        return str(answer.json()) if answer.status_code == 200 else answer.status_code


def write(folder: Path, words: str, *paths: str) -> None:
    """Writes the module."""
    source = textwrap.dedent(SOURCE).format(words=words, paths=json.dumps(paths))
    (folder / "reloaded.py").write_text(source)


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Edited]:
    """A product of one module, with the watch on it."""
    folder = tmp_path / "code"
    folder.mkdir()
    write(folder, "one", "/a")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    local = start(Options(tmp_path / "state", 0, "reloaded.definitions"))
    watching = asyncio.run_coroutine_threadsafe(
        Reloader(local.runtime, CodeWatch(folder, ("reloaded.py",))).run(), local.loop
    )
    yield Edited(folder, local)
    watching.cancel()
    stop(local)


@pytest.mark.deep
def test_code_and_routes_change_while_it_runs(edited: Edited) -> None:
    assert (edited.get("/a"), edited.get("/b")) == ("one", 404)
    edited.write("two", "/a", "/b")
    edited.told("reloaded: reloaded.py")
    assert (edited.get("/a"), edited.get("/b")) == ("two", "two")
    edited.write("six", "/a", "/b")  # as long as before, perhaps within the same second
    edited.told("reloaded: reloaded.py")
    assert {edited.get("/b") for _ in range(8)} == {"six"}
    (edited.folder / "reloaded.py").write_text("def broken(:")
    edited.told("not reloaded, the old code goes on: ")
    assert edited.get("/a") == "six"
    (edited.folder / "reloaded.py").write_text("import nothing_of_that_name")
    edited.told("No module named 'nothing_of_that_name'")
    assert {edited.get("/a") for _ in range(8)} == {"six"}
    edited.write("end", "/c")
    edited.told("reloaded: reloaded.py")
    assert (edited.get("/a"), edited.get("/c")) == (404, "end")
