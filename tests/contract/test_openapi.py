"""The API keeps to its document: whatever is sent, no 5xx and no answer that is not in it."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.schemas import BaseSchema
from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from tests.support import stored
from tests.support.gateway import application
from tests.support.signed_in import founder

EXAMPLES = 4
DEEP_EXAMPLES = 100
# A made-up cursor or a year out of reach is of the right form and refused all the same, with a documented 422.
BEYOND_THE_SCHEMA: list[Any] = [positive_data_acceptance]
# What makes a query wrong may be lost on its way into an address, such as an empty list under an unknown name.
LOST_IN_ADDRESSES: list[Any] = [*BEYOND_THE_SCHEMA, negative_data_rejection]


# A wrong body may also be too large: 413 refuses it, too.
CHECKS = {"negative_data_rejection": {"expected-statuses": ["4xx"]}}


def _schema(**phases: Any) -> BaseSchema:
    config = SchemathesisConfig.from_dict({"checks": CHECKS, "phases": phases})
    return schemathesis.openapi.from_wsgi("/openapi.json", application, config=config)


quick, deep = _schema(coverage={"enabled": False}), _schema()


@pytest.fixture
def headers(aws: None) -> dict[str, str]:
    """What an administrator of the demo sends, who may call everything."""
    stored.demo()
    administrator = founder("Lipa", "org_lipa").subject
    tokens = sessions.open_session(administrator, "", ["password"], Place("203.0.113.7"))
    return {"Authorization": f"Bearer {tokens.access_token}"}


def _excluded(case: schemathesis.Case[Any]) -> list[Any]:
    return LOST_IN_ADDRESSES if case.method == "GET" else BEYOND_THE_SCHEMA


@quick.parametrize()
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_every_operation_answers_as_documented(case: schemathesis.Case[Any], headers: dict[str, str]) -> None:
    """PLAT-12: 4xx and never 5xx; nothing outside the document."""
    case.call_and_validate(headers=headers, excluded_checks=_excluded(case))


@pytest.mark.deep
@deep.parametrize()
@settings(max_examples=DEEP_EXAMPLES, suppress_health_check=list(HealthCheck))
def test_every_operation_answers_as_documented_at_length(case: schemathesis.Case[Any], headers: dict[str, str]) -> None:
    """PLAT-12."""
    case.call_and_validate(headers=headers, excluded_checks=_excluded(case))
