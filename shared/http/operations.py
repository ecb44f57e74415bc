"""What is known of each route: enough to serve it and to describe it in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from shared.errors import SvyazError
from shared.rights import PUBLIC, is_access

if TYPE_CHECKING:
    from _typeshed import DataclassInstance
    from pydantic import BaseModel

AuditedAt = Literal["request", "effect"]
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

    Shape: `access` is `PUBLIC`, `SIGNED_IN` or the right that is needed; `answer` is a plain dataclass where the
    function needs no pydantic otherwise; `content_type` other than JSON means that the view gives its own `Response`;
    `is_documented` is false for pages; `audited_at` is `effect` where what the request leads to leaves the entry in the
    audit log, and the request itself only when it is refused.
    """

    method: Method
    path: str
    name: str
    summary: str
    view: Callable[..., Any]
    access: str
    params: type[BaseModel] | None = None
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    answer: type[BaseModel | DataclassInstance] | None = None
    status: int = 200
    errors: tuple[type[SvyazError], ...] = ()
    rate: Rate | None = None
    takes_idempotency_key: bool = False
    cors: bool = False
    max_bytes: int = DEFAULT_MAX_BYTES
    content_type: str = "application/json"
    is_documented: bool = True
    headers: tuple[str, ...] = ()
    audited_at: AuditedAt = "request"

    def __post_init__(self) -> None:
        if not is_access(self.access):
            raise ValueError(f"{self.method} {self.path}: there is no right {self.access!r}")

    @property
    def is_public(self) -> bool:
        """Whether anybody may call it."""
        return self.access == PUBLIC

    @property
    def is_mutating(self) -> bool:
        """Whether it changes anything."""
        return self.method != "GET"
