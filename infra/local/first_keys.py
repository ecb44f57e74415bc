"""The product's first signing keys, made in the embedded AWS; runs in a worker, by its handler string."""

from __future__ import annotations

from typing import Any

from functions.accounts.tokens import keyring
from shared import aws


def make(_event: Any, _context: Any) -> int:
    """How many lists of keys were made."""
    return len(keyring.make_first_keys(aws.client("ssm")))
