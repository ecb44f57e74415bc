"""A small API with every feature that the document has to tell."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from chalice.app import Response
from pydantic import BaseModel, Field

from shared.errors import Conflict, InvalidField, NotFound, SlotTaken
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import PUBLIC, SIGNED_IN, Right

api = Api("sample")


class Size(StrEnum):
    """How large."""

    SMALL = "small"
    LARGE = "large"


class ThingPath(BaseModel):
    """The address of a thing."""

    code: Annotated[str, Field(pattern=r"^[a-z]{2,4}$", examples=["abc"])]


class ThingQuery(BaseModel):
    """Which things."""

    size: Size
    after: Annotated[datetime | None, Field(alias="from")] = None
    limit: Annotated[int, Field(ge=1, le=9)] = 5


class Part(BaseModel):
    """A part of a thing."""

    name: str
    weight_kg: float | None


class Thing(BaseModel):
    """A thing, taken and given."""

    title: Annotated[str, Field(max_length=40, examples=["Chair"])]
    size: Size = Size.SMALL
    parts: tuple[Part, ...] = ()
    note: str | None = None


@api.get(
    "/things/{code}",
    "A thing",
    access=PUBLIC,
    params=ThingPath,
    query=ThingQuery,
    answer=Thing,
    errors=(NotFound,),
)
def read_thing(_request: Request[ThingQuery, None], code: str) -> Thing:
    """The thing of that code."""
    return Thing(title=code)


@api.post(
    "/things/{code}",
    "Makes a thing",
    access=PUBLIC,
    params=ThingPath,
    body=Thing,
    answer=Thing,
    status=201,
    errors=(Conflict, SlotTaken, InvalidField),
    rate=Rate(3, 60),
    takes_idempotency_key=True,
    headers=("Origin",),
)
def make_thing(request: Request[None, Thing], code: str) -> Thing:
    """The thing that was made."""
    return request.body


@api.post("/raw", "Takes anything", access=PUBLIC, content_type="text/plain")
def take_raw(_request: Request[None, None]) -> Response:
    """A word."""
    return Response(body="ok", status_code=200)


@api.get("/page", "A page", access=PUBLIC, content_type="text/html", is_documented=False)
def page(_request: Request[None, None]) -> Response:
    """Markup."""
    return Response(body="", status_code=200)


@api.get("/own", "One's own thing", access=SIGNED_IN, answer=Thing)
def read_own(_request: Request[None, None]) -> Thing:
    """The thing of whoever asks."""
    return Thing(title="Chair")


@api.delete("/own", "Takes a thing away", access=Right.KEYS_CHANGE, status=204, rate=Rate(3, 60))
def remove_own(_request: Request[None, None]) -> Response:
    """Nothing: it is gone."""
    return Response(body="", status_code=204)
