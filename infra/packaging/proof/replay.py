"""Samples played to functions out of the unzipped package, each function in an interpreter of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from infra.packaging.botocore_data import SERVICES
from infra.packaging.errors import PackagingError
from infra.packaging.proof.samples import Sample
from infra.packaging.proof.world import World
from infra.triggers import Function

RUNNER = Path(__file__).with_name("runner.py")
TIMEOUT_S = 120
LAST_LINES = 15


@dataclass(frozen=True)
class Outcome:
    """What came of a sample: an answer or an error, and the calls of AWS on the way."""

    sample: Sample
    answer: Any
    error: str
    calls: list[dict[str, Any]]


@dataclass(frozen=True)
class Played:
    """One function's part.

    Shape: `log` are the last lines of its log.
    Units: milliseconds.
    """

    function: str
    import_ms: float
    outcomes: list[Outcome]
    log: str = ""


def unzip(zip_path: Path, folder: Path) -> Path:
    """The folder that the package lies in, alone."""
    with ZipFile(zip_path) as bundle:
        bundle.extractall(folder)  # our own, made a moment ago
    return folder


def play(root: Path, function: Function, samples: list[Sample], where: World, folder: Path) -> Played:
    """What a function makes of its samples.

    Raises: PackagingError where it cannot even be loaded.
    """
    order, answer = folder / f"{function.name}.order.json", folder / f"{function.name}.answer.json"
    content = {
        "root": str(root),
        "handler": function.handler,
        "clients": [] if samples else SERVICES,
        "samples": [sample.event for sample in samples],
    }
    order.write_text(json.dumps(content), encoding="utf-8")
    environment = where.environment(function.name) | {"LAMBDA_TASK_ROOT": str(root)}
    command = [sys.executable, "-I", "-S", "-B", str(RUNNER), str(order), str(answer)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=TIMEOUT_S, check=False)
    told = "\n".join(run.stderr.splitlines()[-LAST_LINES:])
    if run.returncode:
        raise PackagingError(f"{function.name} does not run out of the zip:\n{told}")
    found = json.loads(answer.read_text(encoding="utf-8"))
    outcomes = [_outcome(*each) for each in zip(samples, found["outcomes"], strict=True)]
    return Played(function.name, found["import_ms"], outcomes, told)


def _outcome(sample: Sample, told: dict[str, Any]) -> Outcome:
    return Outcome(sample, told.get("answer"), told.get("error", ""), told["calls"])
