"""Runs a file of cases: `python -m tests.cases slots FILE`.

Prints a line for each case that fails or is only told in words; the last line is "N passed, N failed".
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from tests.cases.outcome import Outcome, Verdict

Check = Callable[[Any], Iterable[Outcome]]

KINDS = {"slots": "tests.cases.slots"}
"""Module by kind; each has `check(document)`."""


def outcomes(kind: str, path: Path) -> list[Outcome]:
    """All outcomes of one file; a file that cannot be read is one failed case."""
    check: Check = import_module(KINDS[kind]).check
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        return [Outcome(str(path), Verdict.FAILED, f"cannot be read: {error}")]
    return list(check(document))


def main(arguments: list[str]) -> int:
    """Exit status: 0 all passed, 1 a case failed, 2 asked wrongly."""
    if len(arguments) != 2 or arguments[0] not in KINDS:
        sys.stderr.write(f"usage: python -m tests.cases {{{','.join(KINDS)}}} FILE\n")
        return 2
    found = outcomes(arguments[0], Path(arguments[1]))
    for outcome in found:
        if outcome.verdict is not Verdict.PASSED:
            sys.stdout.write(f"{outcome}\n")
    counts = Counter(outcome.verdict for outcome in found)
    sys.stdout.write(f"{counts[Verdict.PASSED]} passed, {counts[Verdict.FAILED]} failed\n")
    return 1 if counts[Verdict.FAILED] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
