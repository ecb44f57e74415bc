"""The API keeps to its document: whatever is sent, no 5xx and no answer that is not in it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi.checks import positive_data_acceptance

from infra import demo_data
from tests.support.gateway import application

EXAMPLES = 12
DEEP_EXAMPLES = 100
# A made-up cursor or a year out of reach is of the right form and refused all the same, with a documented 422.
BEYOND_THE_SCHEMA: list[Any] = [positive_data_acceptance]


schema = schemathesis.openapi.from_wsgi("/openapi.json", application)


@pytest.fixture
def demo(aws: None) -> None:
    """Stored demo data."""
    demo_data.seed()


@schema.parametrize()
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("demo")
def test_every_operation_answers_as_documented(case: schemathesis.Case[Any]) -> None:
    """PLAT-12: 4xx and never 5xx; nothing outside the document."""
    case.call_and_validate(excluded_checks=BEYOND_THE_SCHEMA)


@pytest.mark.deep
@schema.parametrize()
@settings(max_examples=DEEP_EXAMPLES, suppress_health_check=list(HealthCheck))
@pytest.mark.usefixtures("demo")
def test_every_operation_answers_as_documented_at_length(case: schemathesis.Case[Any]) -> None:
    """PLAT-12."""
    case.call_and_validate(excluded_checks=BEYOND_THE_SCHEMA)
