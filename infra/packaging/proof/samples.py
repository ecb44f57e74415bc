"""The files of `events/` with what is expected of each.

Shape: `events/<system>/<trigger>__<case>.json` goes to the function `<system>_<trigger>`; `events/expected.json` names
every file: `status` is an HTTP status, `failures` are the message ids that a batch gives back, `principal` is who an
authorizer found, `error` are the words that the function fails with; where nothing is said, it only has to end.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.packaging.errors import PackagingError

EVENTS = Path(__file__).resolve().parents[3] / "events"
EXPECTED = "expected.json"


@dataclass(frozen=True)
class Sample:
    """One event as AWS sends it."""

    name: str
    function: str
    event: dict[str, Any]
    expected: dict[str, Any]


def read(folder: Path = EVENTS) -> list[Sample]:
    """Every sample, in the order of their names.

    Raises: PackagingError where files and expectations do not match.
    """
    expected = json.loads((folder / EXPECTED).read_text(encoding="utf-8"))
    found = {str(path.relative_to(folder)): path for path in folder.glob("*/*.json")}
    if odd := sorted(found.keys() ^ expected.keys()):
        raise PackagingError(f"events/{EXPECTED} and the files beside it differ in: {', '.join(odd)}")
    return [_sample(name, found[name], expected[name]) for name in sorted(found)]


def check_known(samples: Iterable[Sample], functions: set[str]) -> None:
    """Returns when every sample has its function and every function a sample.

    Raises: PackagingError.
    """
    odd = sorted({sample.function for sample in samples} ^ functions)
    if odd:
        raise PackagingError(f"functions and the samples in events/ differ in: {', '.join(odd)}")


def complaint(sample: Sample, answer: Any, error: str = "") -> str:
    """How the answer, or the traceback in place of one, differs from what was expected; empty where it does not."""
    if "error" in sample.expected:
        return _differs("error", sample.expected["error"], error.rstrip().rpartition(": ")[2])
    if error:
        return error
    told = answer if isinstance(answer, dict) else {}
    if "status" in sample.expected:
        return _differs("status", sample.expected["status"], told.get("statusCode"))
    if "failures" in sample.expected:
        wanted = [{"itemIdentifier": message_id} for message_id in sample.expected["failures"]]
        return _differs("failures", wanted, told.get("batchItemFailures"))
    if "principal" in sample.expected:
        return _differs("principal", sample.expected["principal"], told.get("principalId"))
    return ""


def _differs(what: str, wanted: Any, found: Any) -> str:
    return "" if wanted == found else f"{what}: {wanted} expected, {found} found"


def _sample(name: str, path: Path, expected: dict[str, Any]) -> Sample:
    trigger, separator, _ = path.stem.partition("__")
    if not separator:
        raise PackagingError(f"events/{name}: a name like <trigger>__<case>.json is wanted")
    return Sample(name, f"{path.parent.name}_{trigger}", json.loads(path.read_text(encoding="utf-8")), expected)
