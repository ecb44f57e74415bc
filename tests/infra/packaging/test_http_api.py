"""The HTTP API of the template."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from infra.gateway_responses import MEDIA_TYPE, RESPONSES
from infra.packaging import http_api
from infra.packaging.errors import PackagingError
from infra.packaging.template import Template
from infra.triggers import Triggers, triggers
from tests.infra.packaging.conftest import properties

INTEGRATION = "x-amazon-apigateway-integration"
ANY = "x-amazon-apigateway-any-method"


@pytest.fixture
def body(dev: Template) -> dict[str, Any]:
    """The API's definition."""
    found: dict[str, Any] = dev["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    return found


def test_each_route_leads_to_the_function_of_its_system(body: dict[str, Any]) -> None:
    for route in triggers().routes:
        uri = body["paths"][route.path][route.method.lower()][INTEGRATION]["uri"]["Fn::Sub"]
        assert uri.endswith(f":function:svyaz-dev-{route.function.name}/invocations")


def test_nothing_of_chalices_one_function_is_left(dev: Template) -> None:
    assert "APIHandler" not in json.dumps(dev)
    assert "api_handler" not in json.dumps(dev).lower()


def test_the_api_may_call_each_function_that_it_leads_to(dev: Template) -> None:
    permissions = properties(dev, "AWS::Lambda::Permission").values()
    from_api = [each for each in permissions if "${RestAPI}/*" in each["SourceArn"]["Fn::Sub"]]
    called = {dev["Resources"][each["FunctionName"]["Ref"]]["Properties"]["FunctionName"] for each in from_api}
    found = triggers()
    asked = [route.function for route in found.routes] + [each.function for each in found.authorizers]
    assert called == {f"svyaz-dev-{function.name}" for function in asked}
    assert {each["Principal"] for each in from_api} == {"apigateway.amazonaws.com"}


def test_routes_that_are_not_public_ask_the_authorizer(body: dict[str, Any]) -> None:
    """PLAT-33."""
    for route in triggers().routes:
        asked = body["paths"][route.path][route.method.lower()].get("security", [])
        assert asked == ([] if route.operation.is_public else [{"accounts_authorize": []}])
    for methods in body["paths"].values():
        assert "security" not in methods[ANY]
        assert "security" not in methods.get("options", {})


def test_the_authorizer_is_a_function_of_its_own(body: dict[str, Any], dev: Template) -> None:
    [authorizer] = triggers().authorizers
    defined = body["securityDefinitions"][authorizer.function.name]
    asked = defined["x-amazon-apigateway-authorizer"]
    assert (defined["in"], defined["name"], defined["x-amazon-apigateway-authtype"]) == (
        "header",
        "Authorization",
        "custom",
    )
    assert (asked["type"], asked["authorizerResultTtlInSeconds"]) == ("token", 20)
    assert asked["authorizerUri"]["Fn::Sub"].endswith(":function:svyaz-dev-accounts_authorize/invocations")
    made = dev["Resources"]["AccountsAuthorize"]["Properties"]
    assert (made["Handler"], made["Tracing"]) == ("functions.accounts.authorizer.authorize", "Active")


def test_an_authorizer_that_no_route_asks_is_refused(dev: Template) -> None:
    found = triggers()
    chalice = _as_chalice(dev)
    chalice["RestAPI"]["Properties"]["DefinitionBody"]["securityDefinitions"] = {}
    with pytest.raises(PackagingError, match="accounts_authorize: no route"):
        http_api.resources("dev", chalice, found)


def test_a_refused_caller_is_told_what_is_wanted(body: dict[str, Any]) -> None:
    """RFC 9110, section 11.6.1: a 401 names the scheme."""
    told = {
        kind: response["responseParameters"].get("gatewayresponse.header.WWW-Authenticate")
        for kind, response in body["x-amazon-apigateway-gateway-responses"].items()
    }
    assert {kind: header for kind, header in told.items() if header} == {"UNAUTHORIZED": "'Bearer'"}


def test_other_methods_are_answered_as_problems(body: dict[str, Any]) -> None:
    for methods in body["paths"].values():
        mock = methods[ANY][INTEGRATION]
        answer = mock["responses"]["default"]
        problem = json.loads(answer["responseTemplates"]["application/json"])
        headers = {name.rpartition(".")[2]: value.strip("'") for name, value in answer["responseParameters"].items()}
        assert (mock["type"], answer["statusCode"], problem["status"]) == ("mock", "405", 405)
        assert problem["type"] == "/docs#method-not-allowed"
        assert headers["Content-Type"] == MEDIA_TYPE
        assert {name.lower() for name in headers["Allow"].split(", ")} == methods.keys() - {ANY}
        assert headers.keys() == methods[ANY]["responses"]["405"]["headers"].keys()


def test_templates_for_velocity_hold_no_directive(body: dict[str, Any]) -> None:
    for methods in body["paths"].values():
        template = methods[ANY][INTEGRATION]["responses"]["default"]["responseTemplates"]["application/json"]
        assert "#" not in template


def test_api_gateways_own_answers_are_problems(body: dict[str, Any]) -> None:
    found = body["x-amazon-apigateway-gateway-responses"]
    assert found.keys() == RESPONSES.keys()
    for kind, response in found.items():
        problem = json.loads(response["responseTemplates"]["application/json"])
        assert problem.keys() == {"type", "title", "status", "detail", "correlation_id"}
        assert response.get("statusCode") == (str(RESPONSES[kind].status) if RESPONSES[kind].status else None)
        assert response["responseParameters"]["gatewayresponse.header.Content-Type"] == f"'{MEDIA_TYPE}'"


def test_stages_have_apis_of_their_own_names(dev: Template, prod: Template) -> None:
    titles = [each["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["info"]["title"] for each in (dev, prod)]
    assert titles == ["svyaz-dev-api", "svyaz-prod-api"]


def test_a_route_that_the_map_does_not_name_is_refused(dev: Template) -> None:
    found = triggers()
    fewer = Triggers(found.routes[1:], found.queues, found.schedules, found.events, found.buckets, found.socket)
    with pytest.raises(PackagingError, match=f"{found.routes[0].method} {found.routes[0].path}"):
        http_api.resources("dev", _as_chalice(dev), fewer)


def _as_chalice(template: Template) -> dict[str, Any]:
    """The API before it was repointed."""
    api = copy.deepcopy(template["Resources"]["RestAPI"])
    api["Properties"]["EndpointConfiguration"] = "REGIONAL"
    for methods in api["Properties"]["DefinitionBody"]["paths"].values():
        del methods[ANY]
    return {"RestAPI": api}
