"""What the tests of the shared ground share: a clock that stands still, and the lines that were logged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import logs
from tests.support.clock import Clock, stopped
from tests.support.logs import Lines


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


@pytest.fixture
def logged() -> Iterator[Lines]:
    """The lines that the product logs during the test."""
    with logs.kept() as lines:
        yield lines
