"""Rows of the benchmark: what was measured, ours beside a peer's, and the ratio of the two."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One figure of ours beside one of a peer, taken in the same run.

    Shape: `goal` is what we want the ratio or the figure to be, in words; `is_met` is None where none was set.
    """

    subject: str
    ours: str
    peer: str = ""
    ratio: float | None = None
    goal: str = ""
    is_met: bool | None = None


def machine() -> str:
    """What the figures were taken on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def show(title: str, rows: Iterable[Row]) -> None:
    """Prints a table."""
    print(f"\n## {title}")
    for row in rows:
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}x"
        mark = {None: "", True: "met", False: "NOT met"}[row.is_met]
        cells = [
            row.subject,
            row.ours,
            row.peer and f"beside {row.peer}",
            ratio,
            row.goal and f"goal {row.goal}: {mark}",
        ]
        print("  " + " | ".join(cell for cell in cells if cell), flush=True)
