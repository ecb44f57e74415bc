"""Proves a package that was built before: `python -m infra.packaging.prove --stage dev|prod`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from infra.packaging.build import Package
from infra.packaging.errors import PackagingError
from infra.packaging.naming import STAGES
from infra.packaging.proof.proof import prove


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 when the package works, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m infra.packaging.prove", description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="dev")
    parser.add_argument("--out", type=Path, default=Path(".package"))
    given = parser.parse_args(arguments)
    try:
        print(*prove(Package((given.out / given.stage).resolve()), given.stage), sep="\n")
    except PackagingError as error:
        print(f"Not proved: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
