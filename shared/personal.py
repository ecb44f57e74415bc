"""A person's data, told or taken away on request: what every system offers in its `functions/<system>/personal.py`.

What stays after a removal: the audit log, timers and keys of idempotency, which carry ids and digests alone and fade
by themselves; and the figures of visits, without the person.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any, Final, Protocol, cast

from shared.bus import Contact, PersonNamed, Value
from shared.errors import NotFound

SYSTEMS: Final = ("accounts", "messengers", "booking")
"""In the order of removal: booking is the last, for it knows in which chats a client is found."""


class Person(PersonNamed):
    """Whose data are meant; `contacts` are the chats in which systems have found him."""

    contacts: tuple[Contact, ...] = ()


class Section(Value):
    """One sort of things that a system keeps of a person; `is_whole` is false where there is more than was told."""

    name: str
    items: tuple[dict[str, Any], ...]
    is_whole: bool = True


class System(Protocol):
    """What a system's `personal.py` offers; each function may be called again after it was broken off."""

    def find(self, person: Person) -> Person | None:
        """The person with what this system knows him by; None where it does not know him."""

    def export(self, person: Person) -> Iterator[Section]:
        """All that this system keeps of him, readable."""

    def remove(self, person: Person) -> int:
        """How many things were taken away or made nameless."""


def system(name: str) -> System:
    """A system's part, loaded on first use."""
    return cast("System", importlib.import_module(f"functions.{name}.personal"))


def recognised(person: Person) -> Person:
    """The person with all that systems know him by.

    Raises: NotFound where none knows him.
    """
    is_known = False
    for name in SYSTEMS:
        found = system(name).find(person)
        is_known, person = is_known or found is not None, found or person
    if not is_known:
        raise NotFound("There is no such person.")
    return person
