"""Lambda authorizers of HTTP routes (type TOKEN, as Chalice deploys them).

A policy is kept by the token that it was made for, and serves every route of its authorizer until it is too old.
Not imitated: REQUEST authorizers, Cognito pools, conditions in policies.
Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html (read
2026-11-20).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from infra.local.aws.backend import REGION
from infra.local.definitions import Authorizer
from infra.local.functions import CallFailed, Functions
from infra.local.http_events import ACCOUNT, API_ID, STAGE, HttpRequest

_UNAUTHORIZED = "Unauthorized"
_INVOKE = "execute-api:Invoke"
KEPT_MOST = 10_000


class Denied(Exception):
    """The request does not reach its function; `response` names API Gateway's answer."""

    def __init__(self, response: str) -> None:
        super().__init__(response)
        self.response = response


class Authorizers:
    """Asks authorizers, and keeps what they answer."""

    def __init__(self, functions: Functions) -> None:
        self._functions = functions
        self._kept: dict[tuple[str, str], tuple[float, Any]] = {}

    def forget(self) -> None:
        """Drops what is kept."""
        self._kept.clear()

    async def authorize(self, authorizer: Authorizer, request: HttpRequest) -> dict[str, Any]:
        """What the function is told of the caller, under `requestContext.authorizer`.

        Raises: Denied.
        """
        token = request.header(authorizer.header)
        if not token:
            raise Denied("UNAUTHORIZED")
        arn = method_arn(request)
        answer = await self._answer(authorizer, token, arn)
        try:
            if not may_invoke(answer["policyDocument"], arn):
                raise Denied("ACCESS_DENIED")
            return {**(answer.get("context") or {}), "principalId": str(answer["principalId"]), "integrationLatency": 0}
        except (KeyError, TypeError, AttributeError):
            raise Denied("AUTHORIZER_CONFIGURATION_ERROR") from None

    async def _answer(self, authorizer: Authorizer, token: str, arn: str) -> Any:
        key = (authorizer.function.name, token)
        until, answer = self._kept.get(key, (0.0, None))
        if time.monotonic() < until:
            return answer
        try:
            asked = {"type": "TOKEN", "authorizationToken": token, "methodArn": arn}
            answer = await self._functions.call(authorizer.function, asked)
        except CallFailed as error:
            raise Denied("UNAUTHORIZED" if error.message == _UNAUTHORIZED else "AUTHORIZER_FAILURE") from None
        if len(self._kept) >= KEPT_MOST:
            self._kept.clear()
        self._kept[key] = (time.monotonic() + authorizer.kept_s, answer)
        return answer


def method_arn(request: HttpRequest) -> str:
    """The name of what is asked for, as policies write it."""
    path = request.raw_path.removeprefix("/")
    return f"arn:aws:execute-api:{REGION}:{ACCOUNT}:{API_ID}/{STAGE}/{request.method}/{path}"


def may_invoke(policy: dict[str, Any], arn: str) -> bool:
    """Whether a policy allows it and nothing in it denies it."""
    effects = set(_effects(policy, arn))
    return effects == {"Allow"}


def _effects(policy: dict[str, Any], arn: str) -> Iterator[str]:
    for statement in _listed(policy["Statement"]):
        is_meant = any(fnmatchcase(_INVOKE, action) for action in _listed(statement["Action"]))
        if is_meant and any(fnmatchcase(arn, resource) for resource in _listed(statement["Resource"])):
            yield statement["Effect"]


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
