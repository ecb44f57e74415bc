"""The terminal shows lines, and the log takes what it can."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.local import terminal
from infra.local.terminal import FunctionsLog, Terminal


def test_what_comes_from_outside_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().tell("GET /\x1b[31m\r\nred я")
    assert capsys.readouterr().out[9:] == "GET /?[31m??red я\n"


def test_a_line_is_short(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal().tell("x" * 10_000)
    assert len(capsys.readouterr().out) < 400


def test_a_quiet_terminal_shows_only_what_is_meant_for_everybody(capsys: pytest.CaptureFixture[str]) -> None:
    quiet = Terminal(is_quiet=True)
    quiet.tell("a request")
    quiet.show("ready")
    quiet.fail("broken")
    shown = capsys.readouterr()
    assert (shown.out, shown.err) == ("ready\n", "broken\n")


def test_the_log_does_not_grow_for_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "MAX_LOG_BYTES", 1000)
    log = FunctionsLog(tmp_path / "logs" / "functions.log")
    for _ in range(100):
        log.data_received(b"x" * 99 + b"\n")
    log.connection_lost(None)
    sizes = [path.stat().st_size for path in (tmp_path / "logs").iterdir()]
    assert len(sizes) == 2
    assert sum(sizes) <= 2000


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    log = FunctionsLog(tmp_path / "functions.log")
    log._file.close()
    log._file.stream = os.fdopen(os.open("/dev/full", os.O_WRONLY), "w", buffering=1)
    log.data_received("ü\n".encode() * 10_000 + b"\xff")
    log.connection_lost(None)
