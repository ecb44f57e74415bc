"""`python -m infra.invoke events/<system>/<function>__<case>.json`: one sample event through its handler.

The file's name says the function: `events/booking/inbound__text.json` is a whole Lambda event for `booking_inbound`,
`events/booking/api__slots.json` an API Gateway proxy event for `booking_api`. It runs on the local AWS; the answer is
printed as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
import uuid
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from infra.local import worker
from infra.local.attach import attached
from infra.local.aws.backend import REGION
from infra.local.state_dir import DEFAULT, CannotStart


class UnknownSample(Exception):
    """The file is no sample event of a function."""


def function_name(path: Path) -> str:
    """The name of the function that a sample is for.

    Raises: UnknownSample.
    """
    function, mark, case = path.stem.partition("__")
    if path.suffix != ".json" or not mark or not function or not case:
        raise UnknownSample(f"{path}: a sample is named events/<system>/<function>__<case>.json")
    return f"{path.resolve().parent.name}_{function}"


def invoke(path: Path) -> Any:
    """What the function answers to a sample, in this process.

    Raises: UnknownSample; whatever the handler raises.
    """
    from infra.triggers import functions  # noqa: PLC0415  # the product, which reads the environment set before

    name = function_name(path)
    found = next((function for function in functions() if function.name == name), None)
    if found is None:
        raise UnknownSample(f"{path}: there is no function {name}")
    call = {
        "function_name": f"svyaz-local-{name}",
        "region": REGION,
        "memory_mb": found.memory_mb,
        "timeout_s": found.timeout_s,
        "request_id": str(uuid.uuid4()),
    }
    with redirect_stdout(sys.stderr):  # metrics are no part of the answer
        return worker.invoke(found.handler, _read(path), call)


def main(arguments: list[str]) -> int:
    """The exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.invoke", description="Runs a handler on a sample event.")
    parser.add_argument("event", type=Path, help="a file such as events/booking/inbound__text.json")
    parser.add_argument("--state-dir", type=Path, default=DEFAULT, help="the folder of the local product")
    given = parser.parse_args(arguments)
    try:
        function_name(given.event)
        with attached(given.state_dir):
            print(json.dumps(invoke(given.event), indent=2, ensure_ascii=False))
    except (UnknownSample, CannotStart) as reason:
        print(reason, file=sys.stderr)
        return 1
    return 0


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UnknownSample(f"{path}: {error}") from None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
