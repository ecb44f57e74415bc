"""The clock, and the file that moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from shared import clock as shared_clock
from tests.support.clock import Clock

NEAR = timedelta(seconds=5)


@pytest.fixture
def offset_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of stage `local`, not written yet."""
    monkeypatch.setenv(shared_clock.OFFSET_FILE_VARIABLE, str(tmp_path / "offset"))
    return tmp_path / "offset"


def test_without_a_file_it_is_the_real_time_in_utc() -> None:
    assert shared_clock.now().tzinfo is UTC
    assert abs(shared_clock.now() - datetime.now(UTC)) < NEAR


@pytest.mark.parametrize("offset", ["86400", "-3600.5", "0", " 60 \n"])
def test_the_file_moves_it(offset_file: Path, offset: str) -> None:
    offset_file.write_text(offset)
    assert abs(shared_clock.now() - datetime.now(UTC) - timedelta(seconds=float(offset))) < NEAR


def test_the_file_is_obeyed_at_once(offset_file: Path) -> None:
    assert abs(shared_clock.now() - datetime.now(UTC)) < NEAR
    offset_file.write_text("604800")
    assert shared_clock.now() - datetime.now(UTC) > timedelta(days=6)


@pytest.mark.parametrize("content", [b"", b"soon", b"nan", b"inf", b"1e400", b"1e30", b"\xff\xfe", "٣".encode()])
def test_a_broken_file_moves_nothing(offset_file: Path, content: bytes) -> None:
    offset_file.write_bytes(content)
    assert abs(shared_clock.now() - datetime.now(UTC)) < NEAR


def test_what_is_no_file_moves_nothing(offset_file: Path) -> None:
    offset_file.mkdir()
    assert abs(shared_clock.now() - datetime.now(UTC)) < NEAR


def test_seconds_are_whole_and_never_ahead(clock: Clock) -> None:
    clock.moment = datetime(2026, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)
    assert shared_clock.epoch_s(shared_clock.now()) == 1_767_225_600
    assert shared_clock.epoch_s(shared_clock.now().astimezone()) == 1_767_225_600
