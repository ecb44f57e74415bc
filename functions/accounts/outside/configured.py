"""What is set up for outside logins; that nothing is, is known for a minute, so that asking costs no request each."""

from __future__ import annotations

import time
from typing import Any, Final

from shared.errors import NotFound, SettingsInvalid
from shared.secrets import document

TELEGRAM: Final = "login/telegram"
VK: Final = "login/vk"
ABSENT_S: Final = 60.0
_absent: dict[str, float] = {}


def required(name: str) -> dict[str, Any]:
    """The parameter of a way to sign in.

    Raises: NotFound where people cannot sign in that way here.
    """
    found = optional(name)
    if found is None:
        raise NotFound("Nobody can sign in this way here.")
    return found


def optional(name: str) -> dict[str, Any] | None:
    """The parameter of a way to sign in, None where it is not set up."""
    if _absent.get(name, 0.0) > time.monotonic():
        return None
    try:
        return document(name)
    except SettingsInvalid:
        _absent[name] = time.monotonic() + ABSENT_S
        return None


def forget() -> None:
    """Drops what is kept, as a new process would begin."""
    _absent.clear()
