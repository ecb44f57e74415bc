"""The folder in which a running product keeps everything, and what it tells other programs of itself there."""

from __future__ import annotations

import errno
import fcntl
import json
from pathlib import Path
from typing import IO, Any

from infra.local.aws.files import remove_quietly, replace_file

DEFAULT = Path(".local")
RUNNING, DEMO, LOCK, AWS = "running.json", "demo.json", "run.lock", "aws"


class CannotStart(Exception):
    """The product cannot run here; the text says why and what to do."""


def explain(error: OSError, state_dir: Path) -> CannotStart:
    """What a failure of the folder means for the person who starts the product."""
    if error.errno == errno.ENOSPC:
        return CannotStart(f"The disk that holds {state_dir} is full: make room and start again.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return CannotStart(f"{state_dir} cannot be written to: {error.strerror}.")
    return CannotStart(f"{state_dir}: {error.strerror or error}.")


def lock(state_dir: Path) -> IO[str]:
    """The lock of a folder, kept until it is closed.

    Raises: CannotStart where another product holds it, or the folder cannot be used.
    """
    try:
        state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = (state_dir / LOCK).open("a")
    except OSError as error:
        raise explain(error, state_dir) from None
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise CannotStart(
            f"The product already runs with {state_dir}{_where(state_dir)}: stop that one, or take another folder."
        ) from None
    return held


def write(state_dir: Path, name: str, content: dict[str, Any]) -> None:
    """Writes a private JSON file at one stroke.

    Raises: CannotStart.
    """
    try:
        replace_file(state_dir / name, json.dumps(content, indent=2, ensure_ascii=False).encode())
    except OSError as error:
        raise explain(error, state_dir) from None


def forget_running(state_dir: Path) -> None:
    """Says no longer that a product runs."""
    remove_quietly(state_dir / RUNNING)


def running(state_dir: Path) -> dict[str, Any] | None:
    """What the product that runs with this folder says of itself; None where none is ready.

    Shape: pid, base_url, websocket_url, environment (that of its functions).
    """
    try:
        found: dict[str, Any] = json.loads((state_dir / RUNNING).read_bytes())
    except (OSError, ValueError):
        return None
    return found if _is_locked(state_dir) else None


def _is_locked(state_dir: Path) -> bool:
    with (state_dir / LOCK).open("a") as probe:
        try:
            fcntl.flock(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _where(state_dir: Path) -> str:
    try:
        found = json.loads((state_dir / RUNNING).read_bytes())
        return f" (process {found['pid']}, {found['base_url']})"
    except (OSError, ValueError, KeyError, TypeError):
        return ""
