"""The HTTP API: each path goes to the function of its system; what API Gateway itself answers are problem documents."""

from __future__ import annotations

import copy
import json
from typing import Any

from infra.gateway_responses import MEDIA_TYPE, METHOD_NOT_ALLOWED, RESPONSES, GatewayResponse
from infra.packaging.errors import PackagingError
from infra.packaging.functions import permission
from infra.packaging.naming import API, full_name, function_arn, logical_id, sub
from infra.triggers import Authorizer, Function, Triggers

INTEGRATION = "x-amazon-apigateway-integration"
AUTHORIZER = "x-amazon-apigateway-authorizer"
ANY_METHOD = "x-amazon-apigateway-any-method"
GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
# API Gateway chooses the template by the request's type; a type without one is answered 415.
REQUEST_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain")
CALLS_PER_S, BURST = 200, 400
Resources = dict[str, dict[str, Any]]
Path = dict[str, Any]


def resources(stage: str, chalice: Resources, found: Triggers) -> Resources:
    """The API, and its right to call each function that it leads to.

    Raises: PackagingError for a route that the map of triggers does not name.
    """
    api = copy.deepcopy(chalice[API])
    properties = api["Properties"]
    properties["EndpointConfiguration"] = {"Type": properties["EndpointConfiguration"]}
    properties["MethodSettings"] = [
        {
            "HttpMethod": "*",
            "ResourcePath": "/*",
            "ThrottlingRateLimit": CALLS_PER_S,
            "ThrottlingBurstLimit": BURST,
        }
    ]
    body = properties["DefinitionBody"]
    body["info"]["title"] = full_name(stage, "api")
    body["paths"] = {path: _path(stage, path, methods, found) for path, methods in body["paths"].items()}
    body[GATEWAY_RESPONSES] = _gateway_responses()
    for authorizer in found.authorizers:
        _repoint(stage, body, authorizer)
    called = [*(each.function for each in found.routes), *(each.function for each in found.authorizers)]
    led_to = {function.name: function for function in called}
    return {API: api} | {f"{logical_id(name)}Permission": _permission(function) for name, function in led_to.items()}


def _path(stage: str, path: str, methods: Path, found: Triggers) -> Path:
    for method, described in methods.items():
        if described[INTEGRATION]["type"] == "aws_proxy":
            described[INTEGRATION]["uri"] = _uri(stage, method.upper(), path, found)
    return {**methods, ANY_METHOD: _method_not_allowed(methods)}


def _uri(stage: str, method: str, path: str, found: Triggers) -> dict[str, str]:
    for route in found.routes:
        if (route.method, route.path) == (method, path):
            return _invocations(stage, route.function)
    raise PackagingError(f"{method} {path}: infra/triggers.py does not name this route")


def _repoint(stage: str, body: dict[str, Any], authorizer: Authorizer) -> None:
    """Leads the routes' check of who asks to its function by name; Chalice would make the API wait for the function."""
    defined = body.get("securityDefinitions", {}).get(authorizer.function.name)
    if defined is None:
        raise PackagingError(f"{authorizer.function.name}: no route asks this authorizer")
    defined[AUTHORIZER]["authorizerUri"] = _invocations(stage, authorizer.function)


def _invocations(stage: str, function: Function) -> dict[str, str]:
    called = function_arn(stage, function.name)
    return sub(
        f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{called}/invocations"
    )


def _permission(function: Function) -> dict[str, Any]:
    source = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{API}}}/*"
    return permission(function, "apigateway.amazonaws.com", source)


def _method_not_allowed(methods: Path) -> Path:
    """The answer to every other method, as the functions themselves would give it."""
    allowed = ", ".join(sorted(method.upper() for method in methods))
    headers = {"Allow": allowed, "Content-Type": MEDIA_TYPE, "Cache-Control": "no-store"}
    return {
        "responses": {
            "405": {"description": "405 response", "headers": {name: {"type": "string"} for name in headers}}
        },
        INTEGRATION: {
            "type": "mock",
            "requestTemplates": {kind: json.dumps({"statusCode": 405}) for kind in REQUEST_TYPES},
            "passthroughBehavior": "never",
            "responses": {
                "default": {
                    "statusCode": "405",
                    "responseParameters": {
                        f"method.response.header.{name}": f"'{text}'" for name, text in headers.items()
                    },
                    "responseTemplates": {"application/json": _without_directives(METHOD_NOT_ALLOWED.template())},
                }
            },
        },
    }


def _constants(place: str, headers: dict[str, str]) -> dict[str, str]:
    """Headers with constant values, as API Gateway writes them."""
    return {f"{place}.{name}": f"'{text}'" for name, text in headers.items()}


def _without_directives(template: str) -> str:
    """A body that Velocity takes as it is: a plain `#` begins its directives."""
    return template.replace("#", r"\u0023")


def _gateway_responses() -> dict[str, Any]:
    """What API Gateway says where no function is asked."""
    return {kind: _gateway_response(kind, response) for kind, response in RESPONSES.items()}


def _gateway_response(kind: str, response: GatewayResponse) -> dict[str, Any]:
    headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", **response.headers}
    status = {} if response.status is None else {"statusCode": str(response.status)}
    return {
        **status,
        "responseParameters": _constants("gatewayresponse.header", headers),
        "responseTemplates": {"application/json": response.template(400 if kind == "DEFAULT_4XX" else None)},
    }
