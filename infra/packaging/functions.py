"""The functions: Chalice's own for queues, time and events; one for each system's HTTP routes, one WebSocket's."""

from __future__ import annotations

import copy
from typing import Any

from infra.packaging import parameters, queues, roles
from infra.packaging.errors import PackagingError
from infra.packaging.naming import attribute, full_name, logical_id, ref, sub
from infra.triggers import Function, Triggers, functions

API_HANDLER = "APIHandler"
WEBSOCKETS = ("WebsocketConnect", "WebsocketMessage", "WebsocketDisconnect")
LOGS_KEPT_DAYS = {"dev": 14, "prod": 90}
SERVERLESS = "AWS::Serverless::Function"
Resources = dict[str, dict[str, Any]]


def resources(stage: str, chalice: Resources, found: Triggers) -> Resources:
    """Every function with its role and its log.

    Raises: PackagingError where Chalice's functions are not those of the map of triggers.
    """
    _check_known(chalice)
    made: Resources = {}
    for function in functions():
        name = logical_id(function.name)
        made[name] = _function(stage, function, chalice)
        made[f"{name}Role"] = roles.role(stage, function, found)
        made[f"{name}Logs"] = _logs(stage, function)
    return made


def _check_known(chalice: Resources) -> None:
    known = {logical_id(function.name) for function in functions()} | {API_HANDLER, *WEBSOCKETS}
    unknown = {name for name, resource in chalice.items() if resource["Type"] == SERVERLESS} - known
    if unknown:
        raise PackagingError(
            f"Chalice makes functions that infra/triggers.py does not name: {', '.join(sorted(unknown))}"
        )


def _function(stage: str, function: Function, chalice: Resources) -> dict[str, Any]:
    name = logical_id(function.name)
    made = copy.deepcopy(chalice.get(name, chalice[API_HANDLER]))
    properties = made["Properties"]
    if name in chalice and properties["Handler"] != function.handler:
        raise PackagingError(f"{function.name}: Chalice loads {properties['Handler']}, the map says {function.handler}")
    properties |= {
        "FunctionName": full_name(stage, function.name),
        "Handler": function.handler,
        "Timeout": function.timeout_s,
        "MemorySize": function.memory_mb,
        "Role": attribute(f"{name}Role"),
        "Environment": {"Variables": parameters.environment(stage)},
    }
    for event in properties.get("Events", {}).values():
        _complete(stage, event)
    return {**made, "DependsOn": [f"{name}Logs"]}


def _complete(stage: str, event: dict[str, Any]) -> None:
    """Adds what Chalice cannot say: partial answers to batches, and that alarms of other stages are not ours.

    Shape: no window for batching, which FIFO queues refuse.
    """
    properties = event["Properties"]
    if event["Type"] == "SQS":
        queue = str(properties["Queue"]["Fn::Sub"]).rpartition(":")[2]
        properties["Queue"] = attribute(queues.queue_id(queue))
        properties.pop("MaximumBatchingWindowInSeconds")
        properties["FunctionResponseTypes"] = ["ReportBatchItemFailures"]
    if event["Type"] == "CloudWatchEvent":
        properties["Pattern"]["detail"] = {"alarmName": [{"prefix": full_name(stage, "")}]}


def _logs(stage: str, function: Function) -> dict[str, Any]:
    name = f"/aws/lambda/{full_name(stage, function.name)}"
    properties = {"LogGroupName": name, "RetentionInDays": LOGS_KEPT_DAYS[stage]}
    return {"Type": "AWS::Logs::LogGroup", "Properties": properties}


def permission(function: Function, principal: str, source_arn: str, **more: Any) -> dict[str, Any]:
    """The right of an AWS service to call a function for one source."""
    properties = {
        "FunctionName": ref(logical_id(function.name)),
        "Action": "lambda:InvokeFunction",
        "Principal": principal,
        "SourceArn": sub(source_arn),
        **more,
    }
    return {"Type": "AWS::Lambda::Permission", "Properties": properties}
