"""Examples made from schemas."""

from __future__ import annotations

from typing import Any

import pytest

from infra.openapi.examples import example_of
from infra.openapi.schemas import Schemas

NONE = Schemas([])


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string", "examples": ["Anna"]}, "Anna"),
        ({"type": "string", "enum": ["a", "b"]}, "a"),
        ({"const": "ok"}, "ok"),
        ({"type": "string", "format": "date"}, "2026-11-23"),
        ({"type": "string"}, "text"),
        ({"type": "string", "maxLength": 3}, None),
        ({"type": "string", "minLength": 5}, None),
        ({"type": "string", "pattern": "^a$"}, None),
        ({"type": "integer", "minimum": 5}, 5),
        ({"type": "integer", "default": 7, "minimum": 5}, 7),
        ({"type": "number", "exclusiveMinimum": 1}, 2),
        ({"type": "boolean"}, True),
        ({"type": "boolean", "default": False}, False),
        ({"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}, "2026-11-23"),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ({"type": "array", "items": {"type": "string", "pattern": "^a$"}}, None),
        ({"type": "array", "prefixItems": [{"type": "string"}, {"const": 1}]}, ["text", 1]),
        ({}, None),
    ],
)
def test_values(schema: dict[str, Any], expected: object) -> None:
    assert example_of(schema, NONE) == expected


def test_objects_show_what_is_required_and_what_has_an_example() -> None:
    schema = {
        "type": "object",
        "required": ["a"],
        "properties": {
            "a": {"type": "string"},
            "b": {"type": "string"},
            "c": {"anyOf": [{"type": "string", "examples": ["x"]}, {"type": "null"}]},
        },
    }
    assert example_of(schema, NONE) == {"a": "text", "c": "x"}


def test_an_object_that_cannot_be_made_up_has_none() -> None:
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "pattern": "^a$"}}}
    assert example_of(schema, NONE) is None
