"""Writes the API's document where the console serves it; with `--check` only tells whether it is up to date."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from infra.openapi import document

WRITTEN = Path(__file__).parents[2] / "functions" / "console" / "pages" / "openapi.json"


def main(arguments: list[str]) -> int:
    """0 when the document is written or up to date, 1 when `--check` finds that it differs."""
    parser = argparse.ArgumentParser(prog="python -m infra.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the document differs")
    given = parser.parse_args(arguments)
    text = json.dumps(document(), indent=2, ensure_ascii=False) + "\n"
    if not given.check:
        WRITTEN.write_text(text, encoding="utf-8")
        return 0
    if WRITTEN.is_file() and WRITTEN.read_text(encoding="utf-8") == text:
        return 0
    print("The routes have changed: run python -m infra.openapi", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
