"""How long the whole suite takes, as `make test` runs it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator

from tests.bench.report import Row, show

GOAL_S = 60


def rows() -> Iterator[Row]:
    """One row: seconds, and how the suite closed."""
    begin = time.monotonic()
    ran = subprocess.run([sys.executable, "-m", "tests"], capture_output=True, text=True, check=False)
    spent_s = time.monotonic() - begin
    closing_line = (ran.stdout.strip().splitlines() or ["nothing"])[-1]
    yield Row("make test", f"{spent_s:.0f} s, {closing_line}", "", None, f"{GOAL_S} s", spent_s <= GOAL_S)


if __name__ == "__main__":
    show("The suite", rows())
