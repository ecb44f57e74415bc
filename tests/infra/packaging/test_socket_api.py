"""The WebSocket API of the template."""

from __future__ import annotations

import copy
import dataclasses

from infra.packaging import socket_api
from infra.packaging.template import Template
from infra.triggers import triggers
from tests.infra.packaging.conftest import properties

V2 = "AWS::ApiGatewayV2::"


def test_all_routes_go_to_one_function(dev: Template) -> None:
    routes = properties(dev, f"{V2}Route").values()
    [(name, integration)] = properties(dev, f"{V2}Integration").items()
    assert {route["RouteKey"] for route in routes} == {"$connect", "$default", "$disconnect"}
    assert {route["Target"]["Fn::Sub"] for route in routes} == {f"integrations/${{{name}}}"}
    assert integration["IntegrationUri"]["Fn::Sub"].endswith(":function:svyaz-dev-platform_socket/invocations")


def test_it_may_call_that_function(dev: Template) -> None:
    permission = dev["Resources"]["PlatformSocketPermission"]["Properties"]
    assert permission["FunctionName"] == {"Ref": "PlatformSocket"}
    assert permission["SourceArn"]["Fn::Sub"].endswith(":${WebsocketAPI}/*")


def test_nothing_of_chalices_three_functions_is_left(dev: Template) -> None:
    assert not [name for name in dev["Resources"] if name.startswith(("WebsocketConnectAPI", "WebsocketMessageAPI"))]


def test_a_change_is_deployed_under_a_new_name(dev: Template) -> None:
    chalice = copy.deepcopy(dev["Resources"])
    [(old, deployment)] = properties(dev, f"{V2}Deployment").items()
    chalice["WebsocketAPIDeployment"] = chalice.pop(old)
    found = triggers()
    moved = dataclasses.replace(found, socket=dataclasses.replace(found.socket, name="other_socket"))
    names = [
        next(name for name in socket_api.resources("dev", chalice, each) if name.startswith("WebsocketAPIDeployment"))
        for each in (found, moved)
    ]
    assert names[0] == old
    assert names[1] != old
    assert deployment["ApiId"] == {"Ref": "WebsocketAPI"}
    assert properties(dev, f"{V2}Stage")["WebsocketAPIStage"]["DeploymentId"] == {"Ref": old}
