"""The form of every error, as `shared/http/problems.py` writes it."""

from __future__ import annotations

from pydantic import BaseModel


class FieldError(BaseModel):
    """One value that was wrong."""

    field: str
    message: str


class Problem(BaseModel):
    """What went wrong, for people in `detail` and for programs in `type`."""

    type: str
    title: str
    status: int
    detail: str
    correlation_id: str
    errors: list[FieldError] | None = None
