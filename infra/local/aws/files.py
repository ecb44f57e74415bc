"""Files that are either wholly there or not at all."""

import os
from datetime import UTC, datetime
from pathlib import Path

_PRIVATE = 0o600


def replace_file(path: Path, content: bytes) -> None:
    """Writes a private file so that a crash leaves the old content or the new one.

    Raises: OSError; nothing half-written stays behind.
    """
    draft = path.with_name(f"{path.name}.new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError:
        remove_quietly(draft)
        raise


def set_aside(path: Path) -> Path:
    """The new name under which a damaged file is kept."""
    kept = path.with_name(f"{path.name}.damaged-{datetime.now(UTC):%Y%m%dT%H%M%S%f}")
    path.replace(kept)
    return kept


def remove_quietly(path: Path) -> None:
    """Removes a file that may be gone already, or may not be removable on a failing disk."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
