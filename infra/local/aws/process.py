"""The embedded AWS as a child of this process."""

import re
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from infra.local.aws.backend import REGION
from infra.local.aws.credentials import read_access_key
from infra.local.aws.saving import PERIOD_S

START_TIMEOUT_S = 20.0
STOP_TIMEOUT_S = 10.0
LOG = "aws.log"
_ROOT = Path(__file__).resolve().parents[3]
_READY = re.compile(r"is ready: (http://127\.0\.0\.1:\d+) ")
_LAST_LINES = 8


class AwsNotStarted(Exception):
    """The child ended or said nothing in time; the text holds the last lines of its log."""


@dataclass(frozen=True)
class EmbeddedAws:
    """A running embedded AWS. It ends when it is stopped, and also when this process ends in whatever way."""

    endpoint_url: str
    access_key_id: str
    secret_access_key: str
    log_path: Path
    child: "subprocess.Popen[str]"
    region: str = REGION

    @classmethod
    def start(cls, state_dir: Path, port: int = 0, save_period_s: float = PERIOD_S) -> Self:
        """The running server, as soon as it answers; port 0 takes a free one.

        Raises: AwsNotStarted.
        """
        state_dir = state_dir.resolve()
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        log_path = state_dir / LOG
        with log_path.open("a") as log:
            logged_before = log.tell()
            child = subprocess.Popen(
                _command(state_dir, port, save_period_s),
                cwd=_ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        found = _READY.search(_first_line(child))
        if found is None:
            _end(child, signal.SIGKILL)
            lines = log_path.read_bytes()[logged_before:].decode(errors="replace").splitlines()[-_LAST_LINES:]
            lines = lines or [f"it ended with code {child.returncode} and could not even say why; is the disk full?"]
            raise AwsNotStarted("\n".join(("the embedded AWS did not start:", *lines)))
        key = read_access_key(state_dir)
        return cls(found[1], key.access_key_id, key.secret_access_key, log_path, child)

    @property
    def pid(self) -> int:
        """The child's process id."""
        return self.child.pid

    def environment(self) -> dict[str, str]:
        """The variables by which child processes reach this AWS and no other."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": self.access_key_id,
            "AWS_SECRET_ACCESS_KEY": self.secret_access_key,
            "AWS_REGION": self.region,
            "AWS_DEFAULT_REGION": self.region,
        }

    def stop(self) -> None:
        """Returns when everything is saved and the child has ended."""
        _end(self.child, signal.SIGTERM)

    def kill(self) -> None:
        """Ends the child as a crash would."""
        _end(self.child, signal.SIGKILL)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _command(state_dir: Path, port: int, save_period_s: float) -> list[str]:
    options = {"port": port, "state-dir": state_dir, "save-period-s": save_period_s}
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    return [sys.executable, "-m", "infra.local.aws", *words, "--until-stdin-closes"]


def _first_line(child: "subprocess.Popen[str]") -> str:
    if child.stdout is None:
        return ""
    ready, _, _ = select.select([child.stdout], [], [], START_TIMEOUT_S)
    return child.stdout.readline() if ready else ""


def _end(child: "subprocess.Popen[str]", number: signal.Signals) -> None:
    if child.poll() is None:
        child.send_signal(number)
    try:
        child.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
    for pipe in (child.stdin, child.stdout):
        if pipe is not None:
            pipe.close()
