"""The state file: survives restarts of `make run`."""

import logging
import os
from pathlib import Path

from pydantic import ValidationError

from infra.local.fakes.telegram.state import State

logger = logging.getLogger(__name__)


def load_state(path: Path | None) -> State:
    """The kept state; an empty one when there is none. A file that cannot be read is set aside."""
    if path is None or not path.exists():
        return State()
    try:
        return State.model_validate_json(path.read_bytes())
    except ValidationError:
        broken = path.with_suffix(".broken")
        path.replace(broken)
        logger.warning("the state of the local Telegram could not be read and was set aside as %s", broken.name)
        return State()


def save_state(path: Path, text: str) -> None:
    """Replace the file at one stroke; only its owner may read it, for it holds webhook secrets."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    draft.replace(path)
