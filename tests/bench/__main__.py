"""`make bench`: every figure beside its peer; `python -m tests.bench imports tap_cost …` for some of them.

Each subject is measured in a process of its own, for it changes what the environment says of AWS.
"""

from __future__ import annotations

import importlib
import subprocess
import sys

from tests.bench.report import machine, show
from tests.support import environment

SUBJECTS = {
    "imports": "Processor time of imports",
    "package_size": "What AWS takes",
    "tap_cost": "One tap at AWS",
    "logins": "Logins and guesses",
    "round_trip": "Round trips through make run",
    "authorised": "Knowing who asks",
    "suite": "The suite",
}


def main(wanted: list[str]) -> int:
    """Prints the rows of the subjects, all of them where none is named; the exit status is 1 where one broke off."""
    if len(wanted) == 1:
        environment.set_up()
        show(SUBJECTS[wanted[0]], importlib.import_module(f"tests.bench.{wanted[0]}").rows())
        return 0
    print(f"Measured on {machine()}", flush=True)
    return max(_measured(name) for name in wanted or SUBJECTS)


def _measured(name: str) -> int:
    """Prints a subject's rows without the lines that functions log and count meanwhile."""
    command = [sys.executable, "-m", "tests.bench", name]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    print(*(line for line in ran.stdout.splitlines() if not line.startswith("{")), sep="\n", flush=True)
    if ran.returncode:
        print(ran.stderr[-2000:], file=sys.stderr)
    return ran.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
