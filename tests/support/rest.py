"""REST proxy events, as API Gateway makes them."""

from __future__ import annotations

import json
from typing import Any

from infra.triggers import triggers
from shared.identity import Caller


def call(
    method: str,
    path: str,
    *,
    body: Any = None,
    query: dict[str, str] | None = None,
    headers: dict[str, str] | None = None,
    address: str = "203.0.113.7",
    caller: Caller | None = None,
) -> tuple[int, Any, dict[str, str]]:
    """Status, body and headers of a request to the function that serves the path, as its authorizer lets it through."""
    route, params = _route(method, path)
    sent = {"accept": "*/*", **({} if body is None else {"content-type": "application/json"}), **(headers or {})}
    event = {
        "resource": route.path,
        "path": path,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {name: [value] for name, value in sent.items()},
        "queryStringParameters": query,
        "multiValueQueryStringParameters": {name: [value] for name, value in query.items()} if query else None,
        "pathParameters": params or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": route.path,
            "httpMethod": method,
            "stage": "api",
            "requestId": "req",
            "identity": {"sourceIp": address},
            **({} if caller is None else {"authorizer": {**caller.to_context(), "principalId": caller.subject}}),
        },
        "body": body if body is None or isinstance(body, str) else json.dumps(body),
        "isBase64Encoded": False,
    }
    module, attribute = route.function.handler.rsplit(".", 1)
    app = getattr(__import__(module, fromlist=[attribute]), attribute)
    answer = app(event, None)
    shown = {**answer["headers"], **{name: values[-1] for name, values in answer.get("multiValueHeaders", {}).items()}}
    is_json = "json" in str(shown.get("Content-Type", ""))
    return answer["statusCode"], json.loads(answer["body"]) if is_json else answer["body"], shown


def _route(method: str, path: str) -> tuple[Any, dict[str, str]]:
    parts = path.strip("/").split("/")
    for route in triggers().routes:
        wanted = route.path.strip("/").split("/")
        if route.method == method and len(wanted) == len(parts):
            params = {w[1:-1]: p for w, p in zip(wanted, parts, strict=True) if w.startswith("{")}
            if all(w.startswith("{") or w == p for w, p in zip(wanted, parts, strict=True)):
                return route, params
    raise LookupError(path)
