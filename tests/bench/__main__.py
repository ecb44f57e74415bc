"""`make bench`: every figure beside its peer; `python -m tests.bench imports tap_cost …` for some of them."""

from __future__ import annotations

import importlib
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


def main(wanted: list[str]) -> None:
    """Prints the rows of the subjects, all of them where none is named."""
    environment.set_up()
    print(f"Measured on {machine()}")
    for name in wanted or SUBJECTS:
        show(SUBJECTS[name], importlib.import_module(f"tests.bench.{name}").rows())


if __name__ == "__main__":
    main(sys.argv[1:])
