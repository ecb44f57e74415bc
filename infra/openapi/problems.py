"""The errors that each route can answer, grouped by status."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from typing import Any

from infra.openapi.schemas import PREFIX
from shared import errors
from shared.errors import SvyazError
from shared.http.operations import Operation
from shared.http.problems import MEDIA_TYPE
from shared.rights import PUBLIC, SIGNED_IN

Kind = type[SvyazError]
ALWAYS: tuple[Kind, ...] = (SvyazError, errors.ProviderUnavailable, errors.InvalidField)
PAUSES = (429, 503)
UNAUTHORIZED = errors.Unauthorized.status
STATUS_AT_END = re.compile(r" \(\d{3}\)")
FOR_CALLERS: dict[Kind, str] = {
    SvyazError: "Something broke on our side. Name the correlation id when you ask about it.",
    errors.InvalidPayload: "What came in is not of the form that was agreed.",
    errors.ProviderUnavailable: "Something that we stand on does not answer or fails. Try again later.",
    errors.SlotTaken: "Somebody else holds that time; `alternatives` are other free times.",
    errors.Unauthorized: "There is no token or key, or it is not in force. Sign in, or send a key that is.",
    errors.Forbidden: "The token or key is in force, but does not allow this.",
    errors.SecondFactorRequired: "A role of yours needs a second factor: set it up and sign in anew.",
    errors.TooManyRequests: "The caller asks too often; the header `Retry-After` says when to come back.",
}
EXTRAS: dict[Kind, dict[str, Any]] = {
    errors.InvalidField: {"errors": [{"field": "start", "message": "Field required"}]},
    errors.SlotTaken: {
        "alternatives": [{"start": "2026-11-23T11:00:00+03:00", "end": "2026-11-23T12:00:00+03:00"}],
    },
}
REFUSED_METHOD = {
    "kind": "method-not-allowed",
    "title": "This address does not take this method.",
    "status": 405,
    "description": "The path exists, but not with this method.",
}


def kinds(operation: Operation) -> list[Kind]:
    """Every error that an operation can answer: what it declares, and what its form implies."""
    implied: list[Kind] = [*operation.errors, *ALWAYS]
    if operation.params is not None:
        implied.append(errors.NotFound)
    if operation.body is not None:
        implied += [errors.InvalidPayload, errors.UnsupportedMedia]
    if operation.method != "GET":
        implied.append(errors.PayloadTooLarge)
    if operation.rate is not None:
        implied.append(errors.TooManyRequests)
    if not operation.is_public:
        implied += [errors.Unauthorized, errors.Forbidden]
    if operation.access not in {PUBLIC, SIGNED_IN}:
        implied.append(errors.SecondFactorRequired)
    return sorted(set(implied), key=lambda kind: (kind.status, kind.__name__))


def responses(operation: Operation) -> dict[str, Any]:
    """References to the answers that tell an operation's errors, by status."""
    return {
        str(status): {"$ref": f"#/components/responses/{_name(group)}"}
        for status, group in _by_status(operation).items()
    }


def components(operations: Iterable[Operation]) -> dict[str, Any]:
    """The answers that operations refer to, each once."""
    groups = {_name(group): group for operation in operations for group in _by_status(operation).values()}
    return {name: _response(group) for name, group in sorted(groups.items())}


def catalogue(operations: Iterable[Operation]) -> list[dict[str, Any]]:
    """Every error that a caller can meet, for people to look up by its kind."""
    met = {kind for operation in operations for kind in kinds(operation)}
    told = [{**_told(kind), "description": _description(kind)} for kind in met]
    return sorted([*told, REFUSED_METHOD], key=lambda each: (each["status"], each["kind"]))


def _by_status(operation: Operation) -> dict[int, list[Kind]]:
    groups: dict[int, list[Kind]] = {}
    for kind in kinds(operation):
        groups.setdefault(kind.status, []).append(kind)
    return groups


def _name(group: list[Kind]) -> str:
    return "Or".join(kind.__name__ for kind in group)


def _response(group: list[Kind]) -> dict[str, Any]:
    header = "CorrelationId" if group[0].status != UNAUTHORIZED else "CorrelationIdOfFunctions"
    headers = {"X-Correlation-Id": {"$ref": f"#/components/headers/{header}"}}
    if group[0].status in PAUSES:
        headers["Retry-After"] = {"$ref": "#/components/headers/RetryAfter"}
    examples = {_told(kind)["kind"]: {"summary": kind.title, "value": _example(kind)} for kind in group}
    return {
        "description": ". ".join(kind.title for kind in group) + ".",
        "headers": headers,
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{PREFIX}Problem"}, "examples": examples}},
    }


def _example(kind: Kind) -> dict[str, Any]:
    told = _told(kind)
    return {
        "type": f"/docs#{told['kind']}",
        "title": told["title"],
        "status": told["status"],
        "detail": f"{told['title']}.",
        "correlation_id": "cor_019aa0d2c4b17d3f8a6e5b4c3d2e1f00",
        **EXTRAS.get(kind, {}),
    }


def _told(kind: Kind) -> dict[str, Any]:
    return {"kind": kind("").kind, "title": kind.title, "status": kind.status}


def _description(kind: Kind) -> str:
    return FOR_CALLERS.get(kind) or STATUS_AT_END.sub("", (inspect.getdoc(kind) or "").partition("\n")[0])
