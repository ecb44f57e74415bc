"""Races of the audit log and of suspicion, in a process of its own against the embedded AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from infra.local.aws.process import EmbeddedAws
from tests.support import environment
from tests.support.notice_races import ROUNDS

pytestmark = pytest.mark.xdist_group("embedded")


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """How each race ended."""
    with EmbeddedAws.start(tmp_path_factory.mktemp("aws")) as aws:
        run = subprocess.run(
            [sys.executable, "-m", "tests.support.notice_races"],
            env={**os.environ, **environment.VALUES, **aws.environment()},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    assert run.returncode == 0, run.stderr[-3000:]
    found: dict[str, Any] = json.loads(run.stdout.splitlines()[-1])
    return found


def test_of_many_who_cross_the_threshold_at_once_one_tells_it(ended: dict[str, Any]) -> None:
    """PLAT-36, PLAT-21."""
    assert ended["crossings"] == [1] * ROUNDS


def test_a_message_that_comes_to_many_at_once_is_one_notice_and_one_letter(ended: dict[str, Any]) -> None:
    """PLAT-36, PLAT-21."""
    assert ended["deliveries"] == [{"notices": 1, "entries": 1, "letters": 1, "odd": 0}] * ROUNDS


@pytest.mark.deep
def test_a_race_for_a_time_leaves_the_entry_of_the_one_booking(ended: dict[str, Any]) -> None:
    """PLAT-35, BOOK-12: those who lost have changed nothing, and nothing says that they did."""
    assert ended["bookings"] == [{"made": 1, "entries": 1, "all": 1}] * ROUNDS


@pytest.mark.deep
def test_a_flood_through_many_processes_leaves_one_entry_a_minute(ended: dict[str, Any]) -> None:
    """PLAT-35."""
    assert ended["floods"] == 0
