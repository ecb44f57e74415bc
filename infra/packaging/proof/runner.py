"""Runs one function out of the unzipped package, as Lambda would: `python -I -S -B runner.py ORDER ANSWER`.

Standing apart from everything here, for nothing but the package and Python itself can be imported in its process.
Order: `root`, `handler`, `clients`, `samples`. Answer: `import_ms`, `outcomes` (`answer` or `error`, and `calls`).
"""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import time
import traceback
import zoneinfo
from pathlib import Path
from types import SimpleNamespace
from typing import Any

LOOPBACK = ("127.0.0.1", "::1")
calls: list[dict[str, Any]] = []


class Leaked(Exception):
    """Something of this machine was used that a Lambda does not have."""


def main(order_path: str, answer_path: str) -> None:
    """Carries out the order."""
    order = json.loads(Path(order_path).read_text(encoding="utf-8"))
    enclose(order["root"])
    began = time.perf_counter()
    module, _, name = order["handler"].rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    import_ms = (time.perf_counter() - began) * 1000
    record_calls()
    outcomes = [outcome(handler, sample) for sample in order["samples"]]
    make_clients(order["clients"])
    check_modules(order["root"])
    answer = {"import_ms": import_ms, "outcomes": outcomes}
    Path(answer_path).write_text(json.dumps(answer, default=repr), encoding="utf-8")


def enclose(root: str) -> None:
    """Leaves the package and Python's library to import, loopback to connect to, and no time zones of the system."""
    if any("site-packages" in path for path in sys.path):
        raise Leaked("site-packages can be imported")
    sys.path.insert(0, root)
    zoneinfo.reset_tzpath([])
    sys.addaudithook(refuse_outside)


def refuse_outside(event: str, arguments: tuple[Any, ...]) -> None:
    """Stops connections to other machines."""
    if event == "socket.connect" and isinstance(arguments[1], tuple) and arguments[1][0] not in LOOPBACK:
        raise Leaked(f"a connection to {arguments[1][0]}")


def record_calls() -> None:
    """Notes every call of AWS that any client makes from now on."""
    client = importlib.import_module("botocore.client").BaseClient
    original = client._make_api_call  # noqa: SLF001  # the one place that every call goes through

    def recorded(self: Any, operation: str, arguments: dict[str, Any]) -> Any:
        calls.append({"service": self.meta.service_model.service_name, "operation": operation, "arguments": arguments})
        return original(self, operation, arguments)

    client._make_api_call = recorded  # noqa: SLF001


def outcome(handler: Any, sample: Any) -> dict[str, Any]:
    """What came of one sample."""
    calls.clear()
    try:
        told = {"answer": handler(sample, context())}
    except Exception:  # noqa: BLE001  # whatever it is, it is the outcome
        told = {"error": traceback.format_exc()}
    return json.loads(json.dumps({**told, "calls": calls}, default=repr))  # type: ignore[no-any-return]


def context() -> Any:
    """What Lambda tells of a call."""
    return SimpleNamespace(
        aws_request_id="00000000-0000-4000-8000-000000000000", get_remaining_time_in_millis=lambda: 10_000
    )


def make_clients(names: list[str]) -> None:
    """Makes a client of each service: what was taken out of botocore is not missing."""
    if names:
        session = importlib.import_module("boto3").session.Session()
        for name in names:
            session.client(name)


def check_modules(root: str) -> None:
    """Returns when every module of the package has its bytecode, and no module comes from elsewhere.

    Raises: Leaked.
    """
    own = [Path(str(module.__file__)) for module in list(sys.modules.values()) if getattr(module, "__file__", None)]
    if outside := [str(path) for path in own if "site-packages" in path.parts]:
        raise Leaked(f"imported from elsewhere: {outside[0]}")
    sources = [path for path in own if path.suffix == ".py" and path.is_relative_to(root)]
    for path in sources:
        if not Path(importlib.util.cache_from_source(str(path))).is_file():
            raise Leaked(f"without bytecode: {path}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
