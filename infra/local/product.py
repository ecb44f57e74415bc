"""A running product as a child of this process, for tests of the whole path and for benchmarks."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from infra.local import state_dir as folder
from infra.local.forks import ROOT

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 20.0
_LOOK_PERIOD_S = 0.02


class NotStarted(Exception):
    """The product ended or did not become ready; the text is what it printed."""


@dataclass(frozen=True)
class Product:
    """A product on a port of its own.

    Shape: `environment` is that of its functions, with the keys of its AWS; `demo` is what `demo.json` says.
    """

    base_url: str
    websocket_url: str
    environment: dict[str, str]
    demo: dict[str, Any]
    state_dir: Path
    child: subprocess.Popen[bytes]

    @classmethod
    def start(cls, state_dir: Path, port: int = 0, *, definitions: str = "", demo: str | None = None) -> Self:
        """A product as soon as it serves and its demo data is loaded.

        Raises: NotStarted.
        """
        command = [sys.executable, "-m", "infra.local.run", "--port", str(port), "--state-dir", str(state_dir)]
        command.append("--until-stdin-closes")  # it does not outlive this process, however that ends
        command += ["--definitions", definitions] if definitions else []
        command += ["--demo", demo] if demo is not None else []
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (state_dir / "product.log").open("wb") as log:
            child = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )
        told = _until_ready(child, state_dir)
        return cls(told["base_url"], told["websocket_url"], told["environment"], _demo(state_dir), state_dir, child)

    def printed(self) -> str:
        """What the product has printed so far."""
        return _printed(self.state_dir)

    def stop(self) -> int:
        """The exit code, after everything was stopped as by Ctrl-C, which reaches the whole group of processes."""
        return self._end(os.killpg, signal.SIGINT)

    def kill(self) -> int:
        """The exit code, after the gateway alone was killed as by `kill -9`."""
        return self._end(os.kill, signal.SIGKILL)

    def _end(self, kill: Callable[[int, int], None], number: signal.Signals) -> int:
        if self.child.poll() is None:
            kill(self.child.pid, number)
        try:
            self.child.communicate(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.communicate()
        return self.child.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _until_ready(child: subprocess.Popen[bytes], state_dir: Path) -> dict[str, Any]:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline and child.poll() is None:
        told = folder.running(state_dir)
        if told is not None and told["pid"] == child.pid:
            return told
        time.sleep(_LOOK_PERIOD_S)
    child.kill()
    child.communicate()
    raise NotStarted(_printed(state_dir))


def _demo(state_dir: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((state_dir / folder.DEMO).read_bytes())
    return found


def _printed(state_dir: Path) -> str:
    return (state_dir / "product.log").read_text(encoding="utf-8", errors="replace")
