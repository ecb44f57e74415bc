"""The app that these tests ask."""

from __future__ import annotations

import pytest

from shared.http.app import ProblemChalice
from tests.shared.http.sample_api import sample_app


@pytest.fixture(scope="session")
def app() -> ProblemChalice:
    """One small system."""
    return sample_app()


@pytest.fixture(autouse=True)
def _entries(aws: None) -> None:
    """Where requests that change something leave their entries."""
