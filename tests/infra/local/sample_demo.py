"""Demo data of the sample product: none, but it tells what it was asked."""

from __future__ import annotations

from typing import Any


def load(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """What the product's `demo.json` gets."""
    return {"asked": event}
