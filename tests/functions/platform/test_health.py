"""Health of the deployment."""

from __future__ import annotations

import subprocess
import sys

import pytest

from shared import aws as clients
from shared import secrets
from tests.support.aws_calls import refusing
from tests.support.rest import call

pytestmark = pytest.mark.usefixtures("aws")


def test_all_parts_answer() -> None:
    """PLAT-40."""
    assert call("GET", "/health")[:2] == (200, {"status": "ok", "stage": "test"})


def test_a_database_that_asks_for_a_pause_is_told() -> None:
    with refusing("dynamodb", "BatchGetItem", "ThrottlingException"):
        status, problem, headers = call("GET", "/health")
    assert status == 503
    assert int(headers["Retry-After"]) >= 1
    assert problem["type"] == "/docs#provider-throttled"


def test_a_missing_secret_is_an_error_of_ours_without_its_words() -> None:
    """PLAT-41: the log names it, the caller learns nothing."""
    secrets.forget()
    clients.client("ssm").delete_parameter(Name=secrets.path("keys/lookup"))
    try:
        status, problem, _ = call("GET", "/health")
        assert status == 500
    finally:
        clients.client("ssm").put_parameter(
            Name=secrets.path("keys/lookup"), Value="a test's keys/lookup", Type="SecureString"
        )
    assert "keys/lookup" not in str(problem)


def test_health_needs_no_libraries_of_models_or_tables() -> None:
    code = "import functions.platform.api, sys; print({'boto3', 'pydantic', 'pynamodb'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert ran.stdout == "set()\n"
