"""Each operation as OpenAPI describes it: parameters, body, answers."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import BaseModel

from infra.openapi import problems
from infra.openapi.examples import example_of
from infra.openapi.schemas import INPUT, OUTPUT, Schemas
from shared.http.operations import Operation
from shared.http.requests import IDEMPOTENCY_KEY
from shared.rights import PUBLIC, SIGNED_IN

JSON = "application/json"
BEARER = "bearer"
SECURITY_SCHEMES = {
    BEARER: {
        "type": "http",
        "scheme": "bearer",
        "description": "An access token of somebody who has signed in, or an API key (`svz_live_…`, `svz_test_…`).",
    },
}
PLACES = re.compile(r"\{(\w+)\}")
PARAMETERS = {
    "AcceptLanguage": {
        "name": "Accept-Language",
        "in": "header",
        "description": "The language of errors' words: `ru` or `en`.",
        "schema": {"type": "string", "examples": ["ru"]},
    },
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "description": "A text of yours that makes this request have its effect once, within 24 hours.",
        "schema": {"type": "string", "pattern": f"^{IDEMPOTENCY_KEY.pattern}$", "examples": ["order-2026-11-23-17"]},
    },
}
HEADERS = {
    "CorrelationId": {
        "description": "Ties the answer to everything that was done for it.",
        "required": True,
        "schema": {"type": "string"},
    },
    "CorrelationIdOfFunctions": {
        "description": "As `X-Correlation-Id` elsewhere; where the gateway itself refuses, the body alone tells it.",
        "schema": {"type": "string"},
    },
    "RetryAfter": {"description": "Seconds to wait before the next try.", "schema": {"type": "integer", "minimum": 0}},
}


def described(system: str, operation: Operation, schemas: Schemas) -> dict[str, Any]:
    """An operation object."""
    body = {"requestBody": _body(operation.body, schemas)} if operation.body is not None else {}
    return {
        "operationId": operation.name,
        "tags": [system],
        "summary": operation.summary,
        **_description(operation),
        **_security(operation),
        "parameters": list(_parameters(operation, schemas)),
        **body,
        "responses": {str(operation.status): _answer(operation, schemas), **problems.responses(operation)},
    }


def components(operations: Iterable[Operation]) -> dict[str, Any]:
    """What operations share besides schemas."""
    return {
        "parameters": PARAMETERS,
        "headers": HEADERS,
        "responses": problems.components(operations),
        "securitySchemes": SECURITY_SCHEMES,
    }


def _description(operation: Operation) -> dict[str, str]:
    rate, parts = operation.rate, []
    if _needs_right(operation):
        parts.append(f"Needs the right `{operation.access}`.")
    elif not operation.is_public:
        parts.append("For everybody who has signed in.")
    if rate is not None:
        parts.append(f"One address may ask {rate.calls} times in {rate.per_s} seconds.")
    return {"description": " ".join(parts)} if parts else {}


def _needs_right(operation: Operation) -> bool:
    return operation.access not in {PUBLIC, SIGNED_IN}


def _security(operation: Operation) -> dict[str, Any]:
    """What the operation wants shown; the right stands where OpenAPI 3.1 names roles."""
    if operation.is_public:
        return {}
    return {"security": [{BEARER: [str(operation.access)] if _needs_right(operation) else []}]}


def _parameters(operation: Operation, schemas: Schemas) -> Iterator[dict[str, Any]]:
    yield from _path(operation, schemas)
    if operation.query is not None:
        yield from _query(schemas.resolve(schemas.of(operation.query, INPUT)))
    for name in operation.headers:
        yield {"name": name, "in": "header", "schema": {"type": "string"}}
    if operation.takes_idempotency_key:
        yield {"$ref": "#/components/parameters/IdempotencyKey"}
    yield {"$ref": "#/components/parameters/AcceptLanguage"}


def _path(operation: Operation, schemas: Schemas) -> Iterator[dict[str, Any]]:
    model = schemas.resolve(schemas.of(operation.params, INPUT)) if operation.params else {"properties": {}}
    for name in PLACES.findall(operation.path):
        yield _parameter(name, "path", model["properties"].get(name, {"type": "string"}), is_required=True)


def _query(model: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for name, schema in model["properties"].items():
        yield _parameter(name, "query", _never_null(schema), is_required=name in model.get("required", ()))


def _parameter(name: str, place: str, schema: dict[str, Any], *, is_required: bool) -> dict[str, Any]:
    required = {"required": True} if is_required else {}
    return {"name": name, "in": place, **required, "schema": schema}


def _never_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a value in an address, where null cannot be written."""
    variants = [each for each in schema.get("anyOf", ()) if each != {"type": "null"}]
    if len(variants) != 1:
        return schema
    return {**variants[0], **{key: value for key, value in schema.items() if key != "anyOf" and value is not None}}


def _body(model: type[BaseModel], schemas: Schemas) -> dict[str, Any]:
    return {"required": True, "content": {JSON: _content(schemas.of(model, INPUT), schemas)}}


def _answer(operation: Operation, schemas: Schemas) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": (inspect.getdoc(operation.view) or operation.summary).partition("\n")[0],
        "headers": {"X-Correlation-Id": {"$ref": "#/components/headers/CorrelationId"}},
    }
    if operation.answer is not None:
        answer["content"] = {JSON: _content(schemas.of(operation.answer, OUTPUT), schemas)}
    elif operation.content_type != JSON:
        answer["content"] = {operation.content_type: {"schema": {"type": "string"}}}
    return answer


def _content(schema: dict[str, Any], schemas: Schemas) -> dict[str, Any]:
    example = example_of(schema, schemas)
    return {"schema": schema} if example is None else {"schema": schema, "example": example}
