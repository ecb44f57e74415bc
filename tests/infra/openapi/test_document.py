"""The API's document: whole, valid, and the same as the routes."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis.core.result import Ok

from app import APIS
from infra.openapi import document
from infra.openapi.__main__ import WRITTEN, main
from shared.http.api import Api
from shared.http.problems import MEDIA_TYPE
from tests.infra.openapi import sample

METHODS = {"get", "post", "put", "patch", "delete"}


def operations(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation."""
    for path, methods in found["paths"].items():
        for method, described in methods.items():
            assert method in METHODS
            yield method.upper(), path, described


@pytest.fixture(scope="module", params=["product", "sample"])
def found(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The product's document, and that of an API with every feature."""
    return document(APIS if request.param == "product" else [sample.api])


def test_is_valid(found: dict[str, Any]) -> None:
    """PLAT-12: OpenAPI 3.1."""
    assert found["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(found).iter_errors()] == []


@pytest.mark.parametrize("apis", [APIS, (sample.api,)], ids=["product", "sample"])
def test_tells_every_documented_operation_and_no_other(apis: tuple[Api, ...]) -> None:
    declared = {
        (operation.method, operation.path, operation.name)
        for api in apis
        for operation in api.operations
        if operation.is_documented
    }
    told = {(method, path, each["operationId"]) for method, path, each in operations(document(apis))}
    assert told == declared
    assert declared


def test_leaves_pages_out() -> None:
    paths = document([sample.api])["paths"]
    assert "/page" not in paths
    assert "/" not in document()["paths"]


def test_every_answer_is_described_and_every_error_is_a_problem(found: dict[str, Any]) -> None:
    for _, _, described in operations(found):
        statuses = set(described["responses"])
        assert {"500", "503"} < statuses
        for status in statuses:
            if status >= "400":
                response = resolved(found, described["responses"][status])
                assert list(response["content"]) == [MEDIA_TYPE]
                kinds = {problem["kind"] for problem in found["x-problems"]}
                assert set(response["content"][MEDIA_TYPE]["examples"]) <= kinds


def test_every_example_fits_its_schema(found: dict[str, Any]) -> None:
    checked = 0
    for schema, example in examples(found):
        whole = {**schema, "components": found["components"]}
        jsonschema_rs.validator_for(whole, validate_formats=True).validate(example)
        checked += 1
    assert checked > 5


def test_every_schema_is_needed(found: dict[str, Any]) -> None:
    text = json.dumps(found)
    unused = [name for name in found["components"]["schemas"] if f'"#/components/schemas/{name}"' not in text]
    assert unused == []


def test_schemathesis_reads_it_without_a_warning(found: dict[str, Any]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        schema = schemathesis.openapi.from_dict(found)
        results = list(schema.get_all_operations())
    labels = {result.ok().label for result in results if isinstance(result, Ok)}
    assert len(labels) == len(results)
    assert labels == {f"{method} {path}" for method, path, _ in operations(found)}


def test_two_operations_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="make_thing, read_own, read_thing, remove_own, take_raw"):
        document([sample.api, sample.api])


def test_written_document_is_up_to_date() -> None:
    assert main(["--check"]) == 0


def test_check_finds_a_difference(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    written = tmp_path / "openapi.json"
    monkeypatch.setattr("infra.openapi.__main__.WRITTEN", written)
    assert main(["--check"]) == 1
    assert not written.exists()
    assert "python -m infra.openapi" in capsys.readouterr().err
    assert main([]) == 0
    assert main(["--check"]) == 0
    assert written.read_text(encoding="utf-8").endswith("}\n")
    written.write_text(written.read_text(encoding="utf-8").replace("Svyaz", "svyaz"), encoding="utf-8")
    assert main(["--check"]) == 1


def test_is_written_where_the_console_serves_it() -> None:
    assert json.loads(WRITTEN.read_text(encoding="utf-8")) == document()


def resolved(found: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    """A part of the document, where this may be a reference to it."""
    if "$ref" not in part:
        return part
    target: Any = found
    for key in part["$ref"].removeprefix("#/").split("/"):
        target = target[key]
    return resolved(found, target)


def examples(part: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """Every schema of the document beside each of its examples."""
    if isinstance(part, list):
        for each in part:
            yield from examples(each)
    if isinstance(part, dict):
        if "schema" in part:
            given = [part["example"]] if "example" in part else []
            given += [each["value"] for each in part.get("examples", {}).values()]
            given += part["schema"].get("examples", [])
            yield from ((part["schema"], example) for example in given)
        for each in part.values():
            yield from examples(each)
