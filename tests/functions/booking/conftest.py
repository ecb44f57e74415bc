"""Booking's tests begin with the demo's two organisations."""

from __future__ import annotations

import pytest

from tests.support import stored


@pytest.fixture
def demo(aws: None) -> None:
    """Anna of one organisation and Boris of another."""
    stored.demo()
