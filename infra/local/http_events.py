"""HTTP requests as API Gateway hands them to a function (REST API, Lambda proxy, version 1.0), and answers back.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html (read
2026-11-20).
Not imitated: stage variables, API keys, IAM authorization, models, mutual TLS, response compression.
"""

from __future__ import annotations

import base64
import binascii
import time
import uuid
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import parse_qsl

from infra.local.routing import Match

ACCOUNT, API_ID, STAGE = "000000000000", "local", "api"
_TIMES_OF_LOG = "%d/%b/%Y:%H:%M:%S +0000"


class MalformedAnswer(Exception):
    """The function's answer is no proxy answer."""


@dataclass(frozen=True)
class HttpRequest:
    """A request as it came over the wire; headers in their order, also several of one name."""

    method: str
    raw_path: str
    raw_query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    source_ip: str
    request_id: str = field(default_factory=lambda: str(uuid.uuid4()))

    def header(self, name: str) -> str:
        """The last header of that name, or an empty text."""
        return next((value for key, value in reversed(self.headers) if key.lower() == name.lower()), "")


@dataclass(frozen=True)
class HttpAnswer:
    """What goes back to the caller."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def proxy_event(request: HttpRequest, match: Match, binary_types: Collection[str]) -> dict[str, Any]:
    """The event of a request for a known route."""
    headers = _headers(request)
    query = multi_values(parse_qsl(request.raw_query, keep_blank_values=True))
    is_binary = bool(request.body) and is_of(request.header("Content-Type"), binary_types)
    return {
        "resource": match.resource,
        "path": request.raw_path,
        "httpMethod": request.method,
        "headers": dict(headers),
        "multiValueHeaders": multi_values(headers),
        "queryStringParameters": {name: values[-1] for name, values in query.items()} or None,
        "multiValueQueryStringParameters": query or None,
        "pathParameters": dict(match.parameters) or None,
        "stageVariables": None,
        "requestContext": _request_context(request, match),
        "body": _body(request.body, is_binary=is_binary),
        "isBase64Encoded": is_binary,
    }


def read_answer(request: HttpRequest, answer: Any, binary_types: Collection[str]) -> HttpAnswer:
    """What a function's proxy answer says.

    Raises: MalformedAnswer.
    """
    if not isinstance(answer, dict):
        raise MalformedAnswer("not an object")
    status, body = answer.get("statusCode"), answer.get("body")
    if isinstance(status, str) and status.isdecimal():
        status = int(status)
    if type(status) is not int or not 200 <= status <= 599 or not isinstance(body, str | None):  # noqa: PLR2004
        raise MalformedAnswer("statusCode or body is wrong")
    headers = tuple(_answer_headers(answer))
    content = (body or "").encode("utf-8", "surrogatepass")
    if answer.get("isBase64Encoded") is True and is_of(request.header("Accept").split(",")[0], binary_types):
        try:
            content = base64.b64decode(content, validate=True)
        except binascii.Error:
            raise MalformedAnswer("body is not base64") from None
    return HttpAnswer(status, headers, content)


def multi_values(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """All values of each name."""
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def well_formed(text: str) -> str:
    """A text without the halves of characters that broken bytes of a header become."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def is_of(media_type: str, types: Collection[str]) -> bool:
    """Whether a media type, without its parameters, is one of these; types may hold a star."""
    plain = media_type.split(";", 1)[0].strip().lower()
    return any(fnmatchcase(plain, one.lower()) for one in types)


def moments() -> dict[str, Any]:
    """The time of a request in both its forms."""
    return {"requestTime": datetime.now(UTC).strftime(_TIMES_OF_LOG), "requestTimeEpoch": int(time.time() * 1000)}


def _headers(request: HttpRequest) -> list[tuple[str, str]]:
    earlier = request.header("X-Forwarded-For")
    added = [
        ("X-Forwarded-For", f"{earlier}, {request.source_ip}" if earlier else request.source_ip),
        ("X-Forwarded-Port", request.header("Host").rpartition(":")[2]),
        ("X-Forwarded-Proto", "http"),
        ("X-Amzn-Trace-Id", f"Root=1-{int(time.time()):08x}-{uuid.uuid4().hex[:24]}"),
    ]
    names = {name.lower() for name, _ in added}
    return [(name, value) for name, value in request.headers if name.lower() not in names] + added


def _request_context(request: HttpRequest, match: Match) -> dict[str, Any]:
    return {
        "resourceId": "local",
        "resourcePath": match.resource,
        "httpMethod": request.method,
        "extendedRequestId": request.request_id,
        **moments(),
        "path": request.raw_path,
        "accountId": ACCOUNT,
        "protocol": "HTTP/1.1",
        "stage": STAGE,
        "domainPrefix": "local",
        "domainName": request.header("Host"),
        "requestId": request.request_id,
        "apiId": API_ID,
        "identity": {
            "cognitoIdentityPoolId": None,
            "accountId": None,
            "cognitoIdentityId": None,
            "caller": None,
            "sourceIp": request.source_ip,
            "principalOrgId": None,
            "accessKey": None,
            "cognitoAuthenticationType": None,
            "cognitoAuthenticationProvider": None,
            "userArn": None,
            "userAgent": request.header("User-Agent") or None,
            "user": None,
        },
    }


def _body(body: bytes, *, is_binary: bool) -> str | None:
    if not body:
        return None
    return base64.b64encode(body).decode() if is_binary else body.decode("utf-8", "replace")


def _answer_headers(answer: dict[str, Any]) -> Iterable[tuple[str, str]]:
    single, multi = answer.get("headers") or {}, answer.get("multiValueHeaders") or {}
    if not isinstance(single, dict) or not isinstance(multi, dict):
        raise MalformedAnswer("headers are no object")
    named = {name.lower() for name in multi}
    pairs = [(name, value) for name, value in single.items() if name.lower() not in named]
    pairs += [(name, value) for name, values in multi.items() for value in values]
    if "content-type" not in {name.lower() for name, _ in pairs}:
        pairs.append(("Content-Type", "application/json"))
    for name, value in pairs:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        if any(ord(c) < 32 for c in name + text):  # noqa: PLR2004  # a line break would begin another header
            raise MalformedAnswer("a header holds control characters")
        yield name, text
