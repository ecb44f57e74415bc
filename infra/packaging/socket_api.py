"""The WebSocket API: all its routes go to one function."""

from __future__ import annotations

import copy
import hashlib
import json
from typing import Any

from infra.packaging.functions import permission
from infra.packaging.naming import SOCKET_API, function_arn, logical_id, ref, sub
from infra.triggers import Triggers

INTEGRATION = f"{SOCKET_API}Integration"
DEPLOYMENT = f"{SOCKET_API}Deployment"
STAGE = f"{SOCKET_API}Stage"
V2 = "AWS::ApiGatewayV2::"
CONNECTS_PER_S, BURST = 100, 200
Resources = dict[str, dict[str, Any]]


def resources(stage: str, chalice: Resources, found: Triggers) -> Resources:
    """Chalice's API, routes and stage, with one integration instead of its three."""
    made = {name: copy.deepcopy(chalice[name]) for name in chalice if chalice[name]["Type"].startswith(V2)}
    made = {name: each for name, each in made.items() if each["Type"] != f"{V2}Integration"}
    routes = [name for name, each in made.items() if each["Type"] == f"{V2}Route"]
    for name in routes:
        made[name]["Properties"]["Target"] = sub(f"integrations/${{{INTEGRATION}}}")
    made[INTEGRATION] = _integration(stage, found)
    made |= _deployed(made.pop(DEPLOYMENT), made.pop(STAGE), [made[INTEGRATION], *(made[name] for name in routes)])
    source = f"arn:${{AWS::Partition}}:execute-api:${{AWS::Region}}:${{AWS::AccountId}}:${{{SOCKET_API}}}/*"
    made[f"{logical_id(found.socket.name)}Permission"] = permission(found.socket, "apigateway.amazonaws.com", source)
    return made


def _integration(stage: str, found: Triggers) -> dict[str, Any]:
    function = function_arn(stage, found.socket.name)
    uri = f"arn:${{AWS::Partition}}:apigateway:${{AWS::Region}}:lambda:path/2015-03-31/functions/{function}/invocations"
    properties = {"ApiId": ref(SOCKET_API), "IntegrationType": "AWS_PROXY", "IntegrationUri": sub(uri)}
    return {"Type": f"{V2}Integration", "Properties": properties}


def _deployed(deployment: dict[str, Any], api_stage: dict[str, Any], content: list[dict[str, Any]]) -> Resources:
    """The stage, with a deployment named after what it deploys: under a constant name a change would never go live."""
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:10]
    name = f"{DEPLOYMENT}{digest}"
    api_stage["Properties"] |= {
        "DeploymentId": ref(name),
        "DefaultRouteSettings": {"ThrottlingRateLimit": CONNECTS_PER_S, "ThrottlingBurstLimit": BURST},
    }
    return {name: deployment, STAGE: api_stage}
