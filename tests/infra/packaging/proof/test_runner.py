"""A function out of a folder, in an interpreter that can import nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.packaging import bytecode
from infra.packaging.proof.replay import RUNNER

CLIENT = """
class BaseClient:
    def __init__(self, name):
        service = type("Service", (), {"service_name": name})
        self.meta = type("Meta", (), {"service_model": service})
    def _make_api_call(self, operation, arguments):
        return {"Value": 7}
"""
HANDLER = """
import sys, zoneinfo
from botocore.client import BaseClient

def call(event, context):
    return BaseClient("ssm")._make_api_call("GetParameter", {"Name": event["name"]})

def fail(event, context):
    raise ValueError("it broke")

def look(event, context):
    try:
        import pydantic
    except ImportError:
        return {"outside": False, "zones": len(zoneinfo.TZPATH)}
    return {"outside": True}

def reach(event, context):
    import socket
    socket.create_connection((event["host"], 9), timeout=0.1)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A package with one module, and a stand-in for botocore."""
    folder = tmp_path / "task"
    (folder / "botocore").mkdir(parents=True)
    (folder / "botocore/__init__.py").touch()
    (folder / "botocore/client.py").write_text(CLIENT, encoding="utf-8")
    (folder / "things.py").write_text(HANDLER, encoding="utf-8")
    bytecode.compile_folder(folder, is_strict=True)
    return folder


def run(root: Path, name: str, *events: Any) -> subprocess.CompletedProcess[str]:
    """The runner's end, its answer in its output."""
    order, answer = root.parent / "order.json", root.parent / "answer.json"
    content = {"root": str(root), "handler": f"things.{name}", "clients": [], "samples": events}
    order.write_text(json.dumps(content), encoding="utf-8")
    command = [sys.executable, "-I", "-S", "-B", str(RUNNER), str(order), str(answer)]
    done = subprocess.run(command, env={}, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603  # ours
    if done.returncode == 0:
        done.stdout = answer.read_text(encoding="utf-8")
    return done


def outcomes(root: Path, name: str, *events: Any) -> list[dict[str, Any]]:
    """What came of the events."""
    done = run(root, name, *events)
    assert done.returncode == 0, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)["outcomes"]
    return found


def test_tells_the_answer_and_the_calls_of_each_event(root: Path) -> None:
    found = outcomes(root, "call", {"name": "a"}, {"name": "b"})
    assert [each["answer"] for each in found] == [{"Value": 7}] * 2
    assert [each["calls"] for each in found] == [
        [{"service": "ssm", "operation": "GetParameter", "arguments": {"Name": name}}] for name in "ab"
    ]


def test_tells_an_error(root: Path) -> None:
    [found] = outcomes(root, "fail", {})
    assert "ValueError: it broke" in found["error"]


def test_nothing_but_the_package_can_be_imported(root: Path) -> None:
    [found] = outcomes(root, "look", {})
    assert found["answer"] == {"outside": False, "zones": 0}


def test_no_other_machine_can_be_reached(root: Path) -> None:
    far, near = outcomes(root, "reach", {"host": "192.0.2.1"}, {"host": "127.0.0.1"})
    assert "Leaked: a connection to 192.0.2.1" in far["error"]
    assert "ConnectionRefusedError" in near["error"]


def test_a_source_without_bytecode_is_told(root: Path) -> None:
    for compiled in (root / "__pycache__").iterdir():
        compiled.unlink()
    done = run(root, "look", {})
    assert done.returncode != 0
    assert "without bytecode" in done.stderr


def test_a_handler_that_is_not_there_is_told(root: Path) -> None:
    done = run(root, "nothing")
    assert done.returncode != 0
    assert "nothing" in done.stderr
