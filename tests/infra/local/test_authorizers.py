"""Policies of authorizers are read as IAM reads them."""

from __future__ import annotations

from typing import Any

import pytest
from chalice.app import AuthResponse, AuthRoute, ChaliceAuthorizer

from infra.local.authorizers import may_invoke, method_arn
from infra.local.http_events import HttpRequest

REQUEST = HttpRequest("GET", "/shops/1/orders", "", (), b"", "127.0.0.1")
ARN = method_arn(REQUEST)


def statement(effect: str, resource: Any, action: Any = "execute-api:Invoke") -> dict[str, Any]:
    """A statement."""
    return {"Effect": effect, "Resource": resource, "Action": action}


@pytest.mark.parametrize(
    ("statements", "is_allowed"),
    [
        ([], False),
        ([statement("Allow", ARN)], True),
        ([statement("Allow", "*")], True),
        ([statement("Allow", ["x", ARN], ["execute-api:*"])], True),
        ([statement("Allow", "*", "s3:*")], False),
        ([statement("Allow", ARN + "/more")], False),
        ([statement("Allow", "*"), statement("Deny", ARN)], False),
        ([statement("Allow", "*"), statement("Deny", "*/POST/*")], True),
        (statement("Allow", "*/GET/shops/?/orders"), True),
    ],
)
def test_a_policy_allows_what_it_names_and_does_not_deny(statements: Any, is_allowed: bool) -> None:  # noqa: FBT001
    assert may_invoke({"Statement": statements}, ARN) == is_allowed


@pytest.mark.parametrize(
    ("routes", "is_allowed"),
    [
        (["*"], True),
        (["/shops/1/orders"], True),
        (["/shops/*"], True),
        (["/other"], False),
        ([AuthRoute("/shops/*", ["POST"])], False),
    ],
)
def test_chalices_own_policies_are_understood(routes: list[Any], is_allowed: bool) -> None:  # noqa: FBT001
    authorizer = ChaliceAuthorizer("a", lambda _: AuthResponse(routes, "anna"))
    answer = authorizer({"type": "TOKEN", "authorizationToken": "t", "methodArn": ARN}, {})
    assert may_invoke(answer["policyDocument"], ARN) == is_allowed
