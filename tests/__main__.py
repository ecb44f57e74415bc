"""`python -m tests`: the suite as `make test` runs it, on two cores.

Without Chromium the browser tests are left out, and that is said.
"""

from __future__ import annotations

import os
import shutil
import sys

import pytest

MARKS = "not deep"
PROCESSES = "2"


def main(arguments: list[str]) -> int:
    """The exit status of pytest."""
    if shutil.which("chromium") is None:
        if os.environ.get("SVYAZ_NEEDS_BROWSER"):
            print("Chromium is missing, and the browser tests are wanted here.", file=sys.stderr)
            return 1
        print("No Chromium on this machine: the browser tests are left out (apt install chromium).", file=sys.stderr)
        arguments = [*arguments, "--ignore=tests/browser"]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # or every process would compile the whole product anew
    order = ["--dist", "loadgroup", "--no-loadscope-reorder"]
    return int(pytest.main(["-m", MARKS, "-n", PROCESSES, *order, *arguments]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
