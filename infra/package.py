"""Builds what AWS takes for one stage and proves it: `python -m infra.package --stage dev|prod`."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from infra.packaging.build import build
from infra.packaging.errors import PackagingError
from infra.packaging.naming import STAGES
from infra.packaging.proof.proof import prove

OUT = Path(".package")


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 when the package stands and works, 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--stage", choices=STAGES, default="dev")
    parser.add_argument("--out", type=Path, default=OUT, help="where it is put, in a folder named after the stage")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    try:
        package = build(given.stage, given.out.resolve())
        print(*package.sizes, sep="\n")
        print(f"{package.zip_path}: sha256 {package.digest()}")
        print(*prove(package, given.stage), sep="\n")
    except PackagingError as error:
        print(f"No package: {error}", file=sys.stderr)
        return 1
    print(f"{package.folder} is proved, {time.monotonic() - began:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
