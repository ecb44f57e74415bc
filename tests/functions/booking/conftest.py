"""Booking's tests begin with the demo's two organisations."""

from __future__ import annotations

import pytest

from infra import demo_data


@pytest.fixture
def demo(aws: None) -> None:
    """Anna of one organisation and Boris of another."""
    demo_data.seed()
