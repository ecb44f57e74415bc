"""What a caller sent, read and checked before any view sees it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from chalice.app import MultiDict
from chalice.app import Request as ChaliceRequest

from shared.errors import InvalidField, InvalidPayload, NotFound, PayloadTooLarge, Unauthorized, UnsupportedMedia
from shared.i18n import Words
from shared.identity import Caller

if TYPE_CHECKING:
    from pydantic import BaseModel

Q = TypeVar("Q")
B = TypeVar("B")
MAX_ERRORS = 20
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_.:-]{1,128}")


@dataclass(frozen=True)
class Request(Generic[Q, B]):
    """A request whose query and body are what the operation declared."""

    query: Q
    body: B
    raw_body: bytes
    headers: dict[str, str]
    source_ip: str
    words: Words
    known: Caller | None = None

    @property
    def caller(self) -> Caller:
        """Who asks, of a route that is not public.

        Raises: Unauthorized.
        """
        if self.known is None:
            raise Unauthorized("Sign in to use this.")
        return self.known


def read_raw(request: ChaliceRequest, max_bytes: int) -> bytes:
    """The body's bytes.

    Raises: PayloadTooLarge over `max_bytes`, InvalidPayload for what cannot have come as bytes.
    """
    try:
        raw = request.raw_body
        found = raw.encode() if isinstance(raw, str) else raw
    except ValueError:
        raise InvalidPayload("The body is not JSON.") from None
    if len(found) > max_bytes:
        raise PayloadTooLarge("The body is over {limit} bytes.", values={"limit": max_bytes})
    return found


def read_body(model: type[BaseModel] | None, raw: bytes, content_type: str) -> Any:
    """The body as the model that the operation declared.

    Raises: UnsupportedMedia, InvalidPayload for what is not JSON, InvalidField naming the wrong values.
    """
    if model is None:
        return None
    if content_type.split(";", 1)[0].strip().lower() not in {"application/json", ""}:
        raise UnsupportedMedia("Send the body as application/json.")
    return _validated(model, parse_json(raw))


def parse_json(raw: bytes) -> Any:
    """What a JSON text says.

    Raises: InvalidPayload for anything else, also for nesting and numbers beyond reason.
    """
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise InvalidPayload("The body is not JSON.") from None


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def read_query(model: type[BaseModel] | None, request: ChaliceRequest) -> Any:
    """The query as the model that the operation declared; a name given twice is refused.

    Raises: InvalidField.
    """
    given = request.query_params or MultiDict({})
    values = {name: given.getlist(name) for name in given}
    for name, found in values.items():
        if len(found) > 1:
            raise InvalidField(
                "Give {name} only once.", values={"name": name}, errors=[{"field": name, "message": "once"}]
            )
    if model is None:
        return None
    return _validated(model, {name: found[-1] for name, found in values.items()})


def read_path(model: type[BaseModel] | None, given: dict[str, str]) -> dict[str, Any]:
    """The path's parameters, checked; a malformed one names nothing that exists.

    Raises: NotFound.
    """
    if model is None:
        return dict(given)
    try:
        return dict(_validated(model, given))
    except InvalidField:
        raise NotFound("There is nothing at this address.") from None


def _validated(model: type[BaseModel], content: Any) -> BaseModel:
    from pydantic import ValidationError  # noqa: PLC0415  # loaded with the model; pages have none and do without

    try:
        return model.model_validate(content)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)[:MAX_ERRORS]
        errors = [{"field": ".".join(str(p) for p in e["loc"]) or "body", "message": e["msg"]} for e in found]
        raise InvalidField("Some values are wrong: see errors.", errors=errors) from None


def idempotency_key(headers: dict[str, str]) -> str | None:
    """The caller's key for this request, None where there is none.

    Raises: InvalidField for one that is no plain short text.
    """
    key = headers.get("idempotency-key")
    if key is not None and not IDEMPOTENCY_KEY.fullmatch(key):
        raise InvalidField("An Idempotency-Key is 1 to 128 letters, digits and -_.:", errors=[])
    return key
