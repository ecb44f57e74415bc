"""Who somebody is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from functions.accounts.models import IdentityKind

MAX_NAME = 100
Fields = Mapping[str, str | int]
"""What a provider's page gave a browser, by name."""


@dataclass(frozen=True)
class OutsidePerson:
    """A person as a provider vouches for him.

    Shape: `subject` is his number there, which never changes; `email` is what he told them: no proof for us.
    """

    kind: IdentityKind
    subject: str
    name: str
    email: str | None = None


def full_name(*parts: str | None) -> str:
    """A name of its parts, on one line and not too long."""
    words = " ".join(part for part in parts if part).split()
    return "".join(letter for letter in " ".join(words) if letter.isprintable())[:MAX_NAME].strip()
