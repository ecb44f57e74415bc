"""The messengers' tests begin with the demo's accounts."""

from __future__ import annotations

import pytest

from tests.support import stored


@pytest.fixture
def demo(aws: None) -> None:
    """A bot and a web chat of two organisations."""
    stored.demo()
