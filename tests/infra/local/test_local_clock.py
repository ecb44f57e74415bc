"""The clock moves on and remembers it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local.local_clock import FURTHEST, LocalClock
from shared import clock as shared_clock


def off_by(clock: LocalClock) -> timedelta:
    """How far it is ahead, to the second."""
    return timedelta(seconds=round((clock() - datetime.now(UTC)).total_seconds()))


def test_it_is_the_real_time_at_first(tmp_path: Path) -> None:
    assert off_by(LocalClock(tmp_path / "clock")) == timedelta()


def test_moves_add_up_and_outlive_it(tmp_path: Path) -> None:
    clock = LocalClock(tmp_path / "clock")
    clock.advance(timedelta(hours=1))
    clock.advance(timedelta(minutes=30))
    assert off_by(LocalClock(tmp_path / "clock")) == timedelta(minutes=90)
    clock.reset()
    assert off_by(LocalClock(tmp_path / "clock")) == timedelta()


def test_functions_read_the_same_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = LocalClock(tmp_path / "clock")
    clock.advance(timedelta(days=2, hours=3))
    monkeypatch.setenv(shared_clock.OFFSET_FILE_VARIABLE, str(clock.path))
    assert abs(shared_clock.now() - clock()) < timedelta(seconds=1)


@pytest.mark.parametrize("by", [timedelta(), timedelta(seconds=-1), FURTHEST + timedelta(seconds=1)])
def test_it_goes_neither_back_nor_too_far(tmp_path: Path, by: timedelta) -> None:
    clock = LocalClock(tmp_path / "clock")
    with pytest.raises(ValueError, match="forward"):
        clock.advance(by)
    assert off_by(clock) == timedelta()


def test_a_damaged_file_means_the_real_time(tmp_path: Path) -> None:
    (tmp_path / "clock").write_text("soon")
    assert off_by(LocalClock(tmp_path / "clock")) == timedelta()
