"""Requests as API Gateway hands them to a function (REST API, Lambda proxy), and what the function answers."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SOURCE_IP = "192.0.2.7"


@dataclass(frozen=True)
class Answer:
    """A function's answer; `headers` by lower-case name."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def json(self) -> Any:
        """What a JSON body says."""
        return json.loads(self.text)


def ask(  # each is one part of a request
    app: Any,
    method: str,
    resource: str,
    body: str | bytes | None = None,
    *,
    path: Mapping[str, str] | None = None,
    query: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    source_ip: str = SOURCE_IP,
) -> Answer:
    """The answer of an app to one request."""
    event = proxy_event(method, resource, body, path or {}, query, headers or {}, source_ip)
    given = app(event, None)
    named = {name.lower(): str(value) for name, value in given["headers"].items()}
    return Answer(given["statusCode"], named, given["body"])


def proxy_event(
    method: str,
    resource: str,
    body: str | bytes | None,
    path: Mapping[str, str],
    query: Sequence[tuple[str, str]],
    headers: Mapping[str, str],
    source_ip: str,
) -> dict[str, Any]:
    """The event; a body of bytes comes in base64, as binary ones do."""
    values: dict[str, list[str]] = {}
    for name, value in query:
        values.setdefault(name, []).append(value)
    text = base64.b64encode(body).decode() if isinstance(body, bytes) else body
    return {
        "resource": resource,
        "path": resource.format(**path),
        "httpMethod": method,
        "headers": dict(headers) or None,
        "multiValueHeaders": {name: [value] for name, value in headers.items()} or None,
        "queryStringParameters": {name: given[-1] for name, given in values.items()} or None,
        "multiValueQueryStringParameters": values or None,
        "pathParameters": dict(path) or None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": resource,
            "httpMethod": method,
            "path": f"/api{resource}",
            "stage": "api",
            "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
            "identity": {"sourceIp": source_ip, "userAgent": None, "user": None},
        },
        "body": text,
        "isBase64Encoded": isinstance(body, bytes),
    }
