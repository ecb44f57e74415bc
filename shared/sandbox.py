"""The sandbox: what is sent with a test key does not leave, and costs nothing.

Whoever is called says whose test it is (`testing`); envelopes carry that on from function to function, and whatever
speaks to the outside asks `is_on` first and keeps what it has (`shared.kept_messages`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_organisation: ContextVar[str] = ContextVar("sandbox", default="")


@contextmanager
def testing(org_id: str) -> Iterator[None]:
    """Keeps what is sent inside for this organisation; an empty one means that all is meant."""
    token = _organisation.set(org_id)
    try:
        yield
    finally:
        _organisation.reset(token)


def is_on() -> bool:
    """Whether what is sent now is a test's."""
    return bool(_organisation.get())


def organisation() -> str:
    """Whose test it is; empty where all is meant."""
    return _organisation.get()
