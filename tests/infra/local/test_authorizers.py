"""Policies of authorizers are read as IAM reads them, and kept as API Gateway keeps them."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from chalice.app import AuthResponse, AuthRoute, ChaliceAuthorizer

from infra.local.authorizers import Authorizers, Denied, may_invoke, method_arn
from infra.local.definitions import Authorizer, Function
from infra.local.functions import CallFailed
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


class Bearer:
    """Functions of which one is an authorizer: allows whoever comes, but strangers; counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def call(self, _function: Function, event: Any) -> Any:
        """An authorizer's answer."""
        token = event["authorizationToken"]
        self.asked.append(token)
        if token == "stranger":
            raise CallFailed("Unauthorized", "Unauthorized")
        if token == "trouble":
            raise CallFailed("KeyError", "trouble")
        policy = {"Statement": [statement("Allow", f"*/{token}/*")]}
        return {"principalId": token, "context": {"number": len(self.asked)}, "policyDocument": policy}


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the gateway's own clock shows."""
    found = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("infra.local.authorizers.time", SimpleNamespace(monotonic=lambda: found.now))
    return found


GUARD = Authorizer(function=Function(name="guard", handler="guard", timeout_s=1), kept_s=20)
OTHER = Authorizer(function=Function(name="other", handler="other", timeout_s=1), kept_s=20)


def ask(authorizers: Authorizers, token: str, method: str = "GET", guard: Authorizer = GUARD) -> Any:
    """What an authorizer tells of a request."""
    request = HttpRequest(method, "/shops/1/orders", "", (("Authorization", token),), b"", "127.0.0.1")
    return asyncio.run(authorizers.authorize(guard, request))


def test_an_answer_is_kept_for_as_long_as_the_authorizer_says(seconds: SimpleNamespace) -> None:
    """As API Gateway keeps it, by the token."""
    functions: Any = Bearer()
    authorizers = Authorizers(functions)
    told = [ask(authorizers, "GET")["number"]]
    seconds.now += 19.9
    told.append(ask(authorizers, "GET")["number"])
    seconds.now += 0.1
    told.append(ask(authorizers, "GET")["number"])
    assert told == [1, 1, 2]
    assert functions.asked == ["GET", "GET"]


def test_what_is_kept_is_judged_anew_for_every_request(seconds: SimpleNamespace) -> None:
    functions: Any = Bearer()
    authorizers = Authorizers(functions)
    ask(authorizers, "GET")
    with pytest.raises(Denied, match="ACCESS_DENIED"):
        ask(authorizers, "GET", "POST")
    assert functions.asked == ["GET"]


def test_each_authorizer_keeps_its_own(seconds: SimpleNamespace) -> None:
    functions: Any = Bearer()
    authorizers = Authorizers(functions)
    for guard in (GUARD, OTHER, GUARD, OTHER):
        ask(authorizers, "GET", guard=guard)
    assert len(functions.asked) == 2


@pytest.mark.parametrize(("token", "response"), [("stranger", "UNAUTHORIZED"), ("trouble", "AUTHORIZER_FAILURE")])
def test_failures_are_not_kept(seconds: SimpleNamespace, token: str, response: str) -> None:
    functions: Any = Bearer()
    authorizers = Authorizers(functions)
    for _ in range(3):
        with pytest.raises(Denied, match=response):
            ask(authorizers, token)
    assert len(functions.asked) == 3


def test_new_code_is_asked_anew(seconds: SimpleNamespace) -> None:
    functions: Any = Bearer()
    authorizers = Authorizers(functions)
    ask(authorizers, "GET")
    authorizers.forget()
    ask(authorizers, "GET")
    assert len(functions.asked) == 2


def test_what_is_kept_is_bounded(seconds: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.authorizers.KEPT_MOST", 5)
    functions: Any = Bearer()
    authorizers = Authorizers(functions)
    for number in range(20):
        with pytest.raises(Denied):
            ask(authorizers, f"token-{number}")
        assert len(authorizers._kept) <= 5
