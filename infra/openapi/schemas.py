"""JSON Schemas of all models that routes take and give, as components of one document."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from infra.openapi.problem import Problem
from shared.http.operations import Operation

PREFIX = "#/components/schemas/"
INPUT: JsonSchemaMode = "validation"
OUTPUT: JsonSchemaMode = "serialization"


class _SchemaWriter(GenerateJsonSchema):
    """Schemas as the routes really answer: a value that is none is left out, so an answer's field is never null."""

    def field_is_required(self, field: Any, total: bool) -> bool:  # noqa: FBT001  # pydantic's signature
        return super().field_is_required(field, total) and not self._is_left_out(field)

    def model_field_schema(self, schema: core_schema.ModelField) -> JsonSchemaValue:
        if not self._is_left_out(schema):
            return super().model_field_schema(schema)
        nullable: Any = _without_default(schema["schema"])
        return super().model_field_schema({**schema, "schema": nullable["schema"]})

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  # pydantic's signature
        return False

    def _is_left_out(self, field: Any) -> bool:
        return self.mode == OUTPUT and _without_default(field["schema"])["type"] == "nullable"


class Schemas:
    """The schemas of the models that operations name."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        wanted = set(_models(operations)) | {(Problem, OUTPUT)}
        ordered = sorted(wanted, key=lambda each: (each[0].__module__, each[0].__qualname__, each[1]))
        self._named, written = TypeAdapter.json_schemas(
            [(model, mode, TypeAdapter(model)) for model, mode in ordered],
            ref_template=PREFIX + "{model}",
            schema_generator=_SchemaWriter,
        )
        self.components: dict[str, Any] = dict(sorted(written["$defs"].items()))

    def of(self, model: type, mode: JsonSchemaMode) -> dict[str, Any]:
        """The reference to a model's schema."""
        return self._named[model, mode]

    def resolve(self, schema: dict[str, Any]) -> dict[str, Any]:
        """A schema itself, where this may be a reference to it."""
        while "$ref" in schema:
            schema = self.components[schema["$ref"].removeprefix(PREFIX)]
        return schema

    def keep(self, names: set[str]) -> None:
        """Leaves only the named schemas and those that they need."""
        needed: set[str] = set()
        while names - needed:
            fresh = names - needed
            needed |= fresh
            names = names | referenced([self.components[name] for name in fresh])
        self.components = {name: schema for name, schema in self.components.items() if name in needed}


def referenced(content: Any) -> set[str]:
    """The names of all schemas that something refers to."""
    return {ref.removeprefix(PREFIX) for ref in _references(content) if ref.startswith(PREFIX)}


def _references(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        if isinstance(content.get("$ref"), str):
            yield content["$ref"]
        for part in content.values():
            yield from _references(part)
    elif isinstance(content, list | tuple):
        for part in content:
            yield from _references(part)


def _models(operations: Iterable[Operation]) -> Iterator[tuple[type, JsonSchemaMode]]:
    for operation in operations:
        for model in (operation.params, operation.query, operation.body):
            if model is not None:
                yield model, INPUT
        if operation.answer is not None:
            yield operation.answer, OUTPUT


def _without_default(schema: Any) -> Any:
    return schema["schema"] if schema["type"] == "default" else schema
