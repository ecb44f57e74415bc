"""`python -m infra.local.aws --port 4566 --state-dir DIR`: runs the embedded AWS in the foreground."""

import argparse
import logging
import sys
from pathlib import Path

from infra.local.aws.saving import PERIOD_S
from infra.local.aws.server import CannotStart, Settings, serve


def main() -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.aws", description="The embedded AWS, on 127.0.0.1 only."
    )
    parser.add_argument("--port", type=int, default=4566, help="0 takes a free one")
    parser.add_argument("--state-dir", type=Path, required=True, help="where everything is kept")
    parser.add_argument("--save-period-s", type=float, default=PERIOD_S, help="a crash loses about as much")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when standard input does")
    arguments = parser.parse_args()
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("infra.local.aws").setLevel(logging.INFO)
    try:
        serve(Settings(**vars(arguments)))
    except CannotStart as reason:
        print(f"The embedded AWS cannot start: {reason}", file=sys.stderr)
    return 1


sys.exit(main())
