"""Alarms: EventBridge tells `platform_alarm` of each change of theirs, and it writes to the operator."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.packaging.naming import API_STAGE, full_name, logical_id
from infra.resources import QUEUES, Queue
from infra.triggers import functions, triggers
from shared import log
from shared.queues import FIFO, MAX_DELAY_S

MINUTE_S = 60
OLDEST_S = 300
SLOW_WEBHOOK_MS = 3000
SERVER_ERRORS = 5
OUTGOING = "outgoing-"
WEBHOOKS = "messengers_api"
Described = Iterator[tuple[str, dict[str, Any]]]


def resources(stage: str) -> dict[str, dict[str, Any]]:
    """Every alarm of a stage; its names begin with the stage's, so that its function hears no other's."""
    every = (*_functions(stage), *_queues(stage), *_metrics(stage), *_api(stage))
    return {logical_id(name, "Alarm"): _alarm(stage, name, about) for name, about in every}


def _functions(stage: str) -> Described:
    """Whoever an authorizer refuses is an error to Lambda; it counts its own failures, and the API's are seen there."""
    refusing = {authorizer.function.name for authorizer in triggers().authorizers}
    for function in functions():
        called = {"FunctionName": full_name(stage, function.name)}
        if function.name not in refusing:
            yield f"{function.name}-errors", _above(0, "AWS/Lambda", "Errors", "Sum", called)
        yield f"{function.name}-throttles", _above(0, "AWS/Lambda", "Throttles", "Sum", called)


def _queues(stage: str) -> Described:
    for queue in QUEUES:
        dead, kept = ({"QueueName": full_name(stage, name)} for name in (queue.dead_letters, queue.name))
        yield queue.dead_letters, _above(0, "AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", dead)
        late = _above(_oldest_s(queue), "AWS/SQS", "ApproximateAgeOfOldestMessage", "Maximum", kept)
        yield f"{queue.name}-late", late | {"EvaluationPeriods": 3, "DatapointsToAlarm": 3}


def _oldest_s(queue: Queue) -> int:
    """How old a message may become: what was sent with a delay has aged before it could be taken."""
    return OLDEST_S if queue.is_fifo else OLDEST_S + MAX_DELAY_S


def _metrics(stage: str) -> Described:
    """The product's own counts, under the dimensions that `shared.log.count` gives them."""
    yield "authorizer-failed", _above(0, log.NAMESPACE, "AuthorizerFailed", "Sum", {"stage": stage})
    yield "audit-unwritten", _above(0, log.NAMESPACE, "AuditUnwritten", "Sum", {"stage": stage})
    yield "timers-stuck", _above(0, log.NAMESPACE, "TimerStuck", "Sum", {"stage": stage})
    for queue in QUEUES:
        poison = _above(0, log.NAMESPACE, "PoisonMessage", "Sum", {"queue": queue.name, "stage": stage})
        yield f"{queue.name}-poison", poison
    for channel in filter(None, map(_channel, QUEUES)):
        yield (
            f"{channel}-given-up",
            _above(0, log.NAMESPACE, "MessageGivenUp", "Sum", {"channel": channel, "stage": stage}),
        )


def _channel(queue: Queue) -> str:
    return queue.name.removeprefix(OUTGOING).removesuffix(FIFO) if queue.name.startswith(OUTGOING) else ""


def _api(stage: str) -> Described:
    served = {"ApiName": full_name(stage, "api"), "Stage": API_STAGE}
    yield "api-5xx", _above(SERVER_ERRORS, "AWS/ApiGateway", "5XXError", "Sum", served)
    webhooks = {"FunctionName": full_name(stage, WEBHOOKS)}
    slow = _above(SLOW_WEBHOOK_MS, "AWS/Lambda", "Duration", "", webhooks)
    del slow["Statistic"]
    yield "webhooks-slow", slow | {"ExtendedStatistic": "p95", "EvaluationPeriods": 5, "DatapointsToAlarm": 3}


def _above(limit: int, namespace: str, metric: str, statistic: str, dimensions: dict[str, Any]) -> dict[str, Any]:
    return {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": name, "Value": value} for name, value in dimensions.items()],
        "Statistic": statistic,
        "Period": MINUTE_S,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": limit,
        "TreatMissingData": "notBreaching",
    }


def _alarm(stage: str, name: str, about: dict[str, Any]) -> dict[str, Any]:
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmName": full_name(stage, name), **about}}
