"""What is known of each route: enough to serve it and to describe it in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel

from shared.errors import SvyazError

Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
DEFAULT_MAX_BYTES = 65_536


@dataclass(frozen=True)
class Rate:
    """How often one address may call: `calls` in a window of `per_s` seconds."""

    calls: int
    per_s: int


@dataclass(frozen=True)
class Operation:
    """One route with its method.

    Shape: `content_type` other than JSON means that the view gives its own `Response`; `is_documented` is false for
    pages.
    """

    method: Method
    path: str
    name: str
    summary: str
    view: Callable[..., Any]
    params: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    answer: type[BaseModel] | None = None
    status: int = 200
    errors: tuple[type[SvyazError], ...] = ()
    rate: Rate | None = None
    takes_idempotency_key: bool = False
    cors: bool = False
    max_bytes: int = DEFAULT_MAX_BYTES
    content_type: str = "application/json"
    is_documented: bool = True
    headers: tuple[str, ...] = ()
