"""The alarms of the template."""

from __future__ import annotations

import json

import pytest

from infra.packaging.naming import logical_id
from infra.packaging.template import Template
from infra.resources import QUEUES
from infra.triggers import functions, triggers
from shared import log
from shared.queues import MAX_DELAY_S
from tests.infra.packaging.conftest import properties


def watched(template: Template) -> set[tuple[str, str, tuple[tuple[str, str], ...]]]:
    """What alarms look at: namespace, metric and dimensions."""
    return {
        (each["Namespace"], each["MetricName"], tuple((one["Name"], one["Value"]) for one in each["Dimensions"]))
        for each in properties(template, "AWS::CloudWatch::Alarm").values()
    }


def test_every_function_is_watched(dev: Template) -> None:
    found = watched(dev)
    refusing = {authorizer.function.name for authorizer in triggers().authorizers}
    for function in functions():
        named = (("FunctionName", f"svyaz-dev-{function.name}"),)
        assert ("AWS/Lambda", "Throttles", named) in found
        assert (("AWS/Lambda", "Errors", named) in found) == (function.name not in refusing)


def test_a_stranger_who_is_refused_wakes_nobody(dev: Template) -> None:
    """An authorizer refuses by an error; what it fails in it counts itself."""
    names = {each["AlarmName"] for each in properties(dev, "AWS::CloudWatch::Alarm").values()}
    assert "svyaz-dev-accounts_authorize-errors" not in names
    assert "svyaz-dev-authorizer-failed" in names


def test_every_queue_is_watched(dev: Template) -> None:
    found = watched(dev)
    for queue in QUEUES:
        dead, kept = ((("QueueName", f"svyaz-dev-{name}"),) for name in (queue.dead_letters, queue.name))
        assert ("AWS/SQS", "ApproximateNumberOfMessagesVisible", dead) in found
        assert ("AWS/SQS", "ApproximateAgeOfOldestMessage", kept) in found


@pytest.mark.parametrize(
    ("metric", "dimensions"),
    [
        *(("PoisonMessage", {"queue": queue.name}) for queue in QUEUES),
        ("MessageGivenUp", {"channel": "telegram"}),
        ("MessageGivenUp", {"channel": "webchat"}),
        ("AuthorizerFailed", {}),
    ],
)
def test_our_own_counts_are_watched_under_the_names_that_they_are_told_by(
    prod: Template,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    metric: str,
    dimensions: dict[str, str],
) -> None:
    monkeypatch.setenv("SVYAZ_STAGE", "prod")
    log.count(metric, 1, **dimensions)
    told = json.loads(capsys.readouterr().out)
    [counted] = told["_aws"]["CloudWatchMetrics"]
    names = tuple((name, told[name]) for name in counted["Dimensions"][0])
    assert (counted["Namespace"], counted["Metrics"][0]["Name"], names) in watched(prod)


def test_a_delay_is_not_lateness(dev: Template) -> None:
    found = properties(dev, "AWS::CloudWatch::Alarm")
    late = {queue.name: found[logical_id(f"{queue.name}-late", "Alarm")]["Threshold"] for queue in QUEUES}
    assert late["timers-booking"] > MAX_DELAY_S > late["inbound-booking.fifo"]


def test_failures_and_slowness_of_the_api_are_watched(dev: Template) -> None:
    found = watched(dev)
    title = dev["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["info"]["title"]
    assert ("AWS/ApiGateway", "5XXError", (("ApiName", title), ("Stage", "api"))) in found
    assert ("AWS/Lambda", "Duration", (("FunctionName", "svyaz-dev-messengers_api"),)) in found


def test_names_are_those_that_the_stages_function_hears(dev: Template) -> None:
    found = properties(dev, "AWS::CloudWatch::Alarm").values()
    names = {each["AlarmName"] for each in found}
    assert len(names) == len(found)
    assert all(name.startswith("svyaz-dev-") for name in names)
