"""The samples in `events/`: what AWS and the providers really send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

EVENTS = Path(__file__).parents[2] / "events"


def sample(name: str) -> Any:
    """The event in a file such as `messengers/api__telegram_start.json`."""
    return json.loads((EVENTS / name).read_text(encoding="utf-8"))


def names() -> list[str]:
    """Every sample there is."""
    return sorted(str(path.relative_to(EVENTS)) for path in EVENTS.glob("*/*.json"))


def expected() -> dict[str, Any]:
    """What each sample is to be answered with."""
    found: dict[str, Any] = json.loads((EVENTS / "expected.json").read_text(encoding="utf-8"))
    return found
