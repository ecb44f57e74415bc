"""Tests of accounts hash passwords at a small cost; what the real one is, `tests.bench.logins` measures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from functions.accounts.entry import passwords


@pytest.fixture(autouse=True)
def _cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Hashes that take no time."""
    monkeypatch.setattr(passwords, "MEMORY_KIB", 64)
    monkeypatch.setattr(passwords, "PASSES", 1)
    passwords.forget()
    yield
    passwords.forget()
