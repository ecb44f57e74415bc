"""Each operation as the document tells it."""

from __future__ import annotations

from typing import Any

import pytest

from infra.openapi import document
from tests.infra.openapi import sample


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    """The document of an API with every feature."""
    return document([sample.api])


@pytest.fixture(scope="module")
def reading(found: dict[str, Any]) -> dict[str, Any]:
    """The operation that reads."""
    operation: dict[str, Any] = found["paths"]["/things/{code}"]["get"]
    return operation


@pytest.fixture(scope="module")
def making(found: dict[str, Any]) -> dict[str, Any]:
    """The operation that makes something."""
    operation: dict[str, Any] = found["paths"]["/things/{code}"]["post"]
    return operation


def test_words(found: dict[str, Any], making: dict[str, Any]) -> None:
    assert (making["operationId"], making["tags"], making["summary"]) == ("make_thing", ["sample"], "Makes a thing")
    assert making["description"] == "One address may ask 3 times in 60 seconds."
    assert making["responses"]["201"]["description"] == "The thing that was made."
    described = "A small API with every feature that the document has to tell."
    assert found["tags"] == [{"name": "sample", "description": described}]


def test_statuses_are_those_that_can_happen(found: dict[str, Any], reading: Any, making: Any) -> None:
    assert list(reading["responses"]) == ["200", "404", "422", "500", "503"]
    expected = ["201", "400", "404", "409", "413", "415", "422", "429", "500", "503"]
    assert list(making["responses"]) == expected
    assert list(found["paths"]["/raw"]["post"]["responses"]) == ["200", "413", "422", "500", "503"]


def test_what_is_not_public_says_whom_it_is_for(found: dict[str, Any], reading: Any) -> None:
    """PLAT-33: the document names the right that a route needs."""
    own, removing = found["paths"]["/own"]["get"], found["paths"]["/own"]["delete"]
    assert "security" not in reading
    assert found["security"] == []
    assert own["security"] == [{"bearer": []}]
    assert own["description"] == "For everybody who has signed in."
    assert removing["security"] == [{"bearer": ["accounts.keys.change"]}]
    assert removing["description"].startswith("Needs the right `accounts.keys.change`. One address may ask 3 times")
    assert found["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_what_is_not_public_may_be_refused(found: dict[str, Any], reading: Any) -> None:
    own, removing = found["paths"]["/own"]["get"], found["paths"]["/own"]["delete"]
    assert {"401", "403"} & set(reading["responses"]) == set()
    assert own["responses"]["401"] == {"$ref": "#/components/responses/Unauthorized"}
    assert own["responses"]["403"] == {"$ref": "#/components/responses/Forbidden"}
    assert removing["responses"]["403"] == {"$ref": "#/components/responses/ForbiddenOrSecondFactorRequired"}
    assert "content" not in removing["responses"]["204"]


def test_parameters_of_path_and_query(reading: dict[str, Any]) -> None:
    path, size, after, limit, language = reading["parameters"]
    assert path == {
        "name": "code",
        "in": "path",
        "required": True,
        "schema": {"pattern": "^[a-z]{2,4}$", "examples": ["abc"], "type": "string"},
    }
    assert size == {"name": "size", "in": "query", "required": True, "schema": {"$ref": "#/components/schemas/Size"}}
    assert after == {"name": "from", "in": "query", "schema": {"type": "string", "format": "date-time"}}
    assert limit["schema"] == {"type": "integer", "minimum": 1, "maximum": 9, "default": 5}
    assert language == {"$ref": "#/components/parameters/AcceptLanguage"}


def test_headers(found: dict[str, Any], making: dict[str, Any]) -> None:
    assert {"name": "Origin", "in": "header", "schema": {"type": "string"}} in making["parameters"]
    assert {"$ref": "#/components/parameters/IdempotencyKey"} in making["parameters"]
    assert found["components"]["parameters"]["IdempotencyKey"]["schema"]["pattern"] == "^[A-Za-z0-9_.:-]{1,128}$"
    responses = found["components"]["responses"]
    assert "Retry-After" in responses["TooManyRequests"]["headers"]
    assert "Retry-After" not in responses["NotFound"]["headers"]
    assert all("X-Correlation-Id" in response["headers"] for response in responses.values())


def test_errors_of_one_status_share_an_answer(found: dict[str, Any], making: dict[str, Any]) -> None:
    assert making["responses"]["409"] == {"$ref": "#/components/responses/ConflictOrSlotTaken"}
    response = found["components"]["responses"]["ConflictOrSlotTaken"]
    assert response["description"] == "Conflict. The time is taken."
    told = response["content"]["application/problem+json"]["examples"]
    assert [(kind, each["value"]["type"]) for kind, each in told.items()] == [
        ("conflict", "/docs#conflict"),
        ("slot-taken", "/docs#slot-taken"),
    ]


def test_body_and_answer(found: dict[str, Any], making: dict[str, Any]) -> None:
    assert making["requestBody"] == {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/Thing-Input"},
                "example": {"title": "Chair"},
            }
        },
    }
    answer = making["responses"]["201"]["content"]["application/json"]
    assert answer["schema"] == {"$ref": "#/components/schemas/Thing-Output"}
    raw = found["paths"]["/raw"]["post"]
    assert "requestBody" not in raw
    assert raw["responses"]["200"]["content"] == {"text/plain": {"schema": {"type": "string"}}}


def test_an_answer_leaves_out_what_is_none(found: dict[str, Any]) -> None:
    schemas = found["components"]["schemas"]
    assert schemas["Part-Output"]["properties"]["weight_kg"] == {"type": "number"}
    assert schemas["Part-Output"]["required"] == ["name"]
    assert schemas["Part-Input"]["required"] == ["name", "weight_kg"]
    assert {"type": "null"} in schemas["Part-Input"]["properties"]["weight_kg"]["anyOf"]


def test_problems_are_told_in_order(found: dict[str, Any]) -> None:
    told = [(problem["status"], problem["kind"]) for problem in found["x-problems"]]
    assert told == sorted(told)
    assert {(405, "method-not-allowed"), (409, "slot-taken"), (500, "svyaz-error")} <= set(told)
    assert all(problem["description"] for problem in found["x-problems"])
