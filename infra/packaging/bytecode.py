"""Bytecode for the zip: Lambda's folder is read-only, without it every cold start would compile the sources again."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from infra.packaging.errors import PackagingError

TASK_ROOT = "/var/task"


def compile_folder(folder: Path, *, is_strict: bool) -> None:
    """Leaves `__pycache__` files beside all sources, valid whatever the sources' times are.

    A process of its own compiles, with fixed hashing: what this process has seen before would change the bytes.

    Raises: PackagingError for a source that does not compile, where `is_strict`.
    """
    command = [sys.executable, "-s", "-S", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    run = subprocess.run(
        [*command, "-s", str(folder), "-p", TASK_ROOT, str(folder)],
        env={"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if is_strict and run.returncode:
        raise PackagingError(f"a source does not compile:\n{run.stdout}{run.stderr}")
