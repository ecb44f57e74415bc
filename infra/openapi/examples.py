"""Examples that follow from schemas: from fields' own examples, and where those are missing from types and formats."""

from __future__ import annotations

from typing import Any

from infra.openapi.schemas import Schemas

FORMATS = {"date-time": "2026-11-23T10:00:00+03:00", "date": "2026-11-23"}


def example_of(schema: dict[str, Any], schemas: Schemas) -> Any:
    """A value that fits a schema, None where none can be made up."""
    schema = schemas.resolve(schema)
    for key in ("examples", "enum"):
        if schema.get(key):
            return schema[key][0]
    if "const" in schema:
        return schema["const"]
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas)
    made = _MAKERS.get(str(schema.get("type")))
    return made(schema, schemas) if made else None


def _object(schema: dict[str, Any], schemas: Schemas) -> dict[str, Any] | None:
    required = schema.get("required", ())
    shown = {name: part for name, part in schema.get("properties", {}).items() if name in required or _is_shown(part)}
    found = {name: example_of(part, schemas) for name, part in shown.items()}
    return None if None in found.values() else found


def _is_shown(part: dict[str, Any]) -> bool:
    """Whether a field that may be missing has an example of its own."""
    return any("examples" in each for each in (part, *part.get("anyOf", ())))


def _array(schema: dict[str, Any], schemas: Schemas) -> list[Any] | None:
    if "prefixItems" in schema:
        items = [example_of(part, schemas) for part in schema["prefixItems"]]
        return None if None in items else items
    item = example_of(schema.get("items", {}), schemas)
    return None if item is None else [item] * max(1, schema.get("minItems", 1))


def _string(schema: dict[str, Any], _schemas: Schemas) -> str | None:
    if "pattern" in schema:
        return None
    made = FORMATS.get(schema.get("format", ""), "text")
    return made if schema.get("minLength", 0) <= len(made) <= schema.get("maxLength", len(made)) else None


def _number(schema: dict[str, Any], _schemas: Schemas) -> Any:
    return schema.get("default", schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))


def _boolean(schema: dict[str, Any], _schemas: Schemas) -> bool:
    return bool(schema.get("default", True))


_MAKERS = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _number,
    "number": _number,
    "boolean": _boolean,
}
