"""Moto without the search that takes a quarter of its time.

Moto looks under four names for each of the ten members that a value of DynamoDB may have; such a value is a plain
dictionary that has exactly one of them, under its own name.
"""

from __future__ import annotations

from typing import Any

from moto.core.serialize import AttributePicker

MEMBERS = frozenset({"S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"})
_search = AttributePicker.__call__


def hasten() -> None:
    """Lets moto take members of values as they stand."""
    AttributePicker.__call__ = _picked  # type: ignore[assignment, method-assign]


def _picked(picker: AttributePicker, context: Any) -> Any:
    if context.key in MEMBERS and type(context.obj) is dict:
        return context.obj.get(context.key)
    return _search(picker, context)
