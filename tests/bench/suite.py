"""How long the suite takes, as `make test` runs it: the ground's part alone, and the whole."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.report import Row, show

TESTS = Path(__file__).resolve().parents[1]
GROUND_GOAL_S, SYSTEM_GOAL_S = 60, 35
ACCOUNTS = (
    "functions/accounts",
    "browser/test_account_pages.py",
    "contract/test_audit.py",
    "contract/test_tenants.py",
    "docs",
    "paths/test_administrators.py",
    "paths/test_demo_people.py",
    "paths/test_guessing.py",
    "paths/test_notice_races.py",
    "paths/test_outside_logins.py",
    "paths/test_personal.py",
    "paths/test_session_races.py",
    "paths/test_signed_in.py",
    "paths/test_vault_races.py",
)


def rows() -> Iterator[Row]:
    """Seconds, and how the suite closed: of the ground, and of all with the systems on it."""
    ground_s, ground = _ran([f"--ignore=tests/{path}" for path in ACCOUNTS])
    whole_s, whole = _ran([])
    ground_goal = f"{GROUND_GOAL_S} s"
    yield Row(
        "make test, the ground's part", f"{ground_s:.0f} s, {ground}", "", None, ground_goal, ground_s <= GROUND_GOAL_S
    )
    goal_s = GROUND_GOAL_S + SYSTEM_GOAL_S
    yield Row("make test, with accounts", f"{whole_s:.0f} s, {whole}", "", None, f"{goal_s} s", whole_s <= goal_s)


def _ran(arguments: list[str]) -> tuple[float, str]:
    missing = [path for path in ACCOUNTS if not (TESTS / path).exists()]
    if missing:
        raise FileNotFoundError(", ".join(missing))
    begin = time.monotonic()
    command = [sys.executable, "-m", "tests", *arguments]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    return time.monotonic() - begin, (ran.stdout.strip().splitlines() or ["nothing"])[-1]


if __name__ == "__main__":
    show("The suite", rows())
