"""The functions of the template."""

from __future__ import annotations

import copy
import importlib
from typing import Any

import pytest

from infra.packaging import chalice_sam, functions
from infra.packaging.errors import PackagingError
from infra.packaging.naming import logical_id
from infra.packaging.template import Template
from infra.triggers import functions as every_function
from infra.triggers import triggers
from tests.infra.packaging.conftest import properties

SERVERLESS = "AWS::Serverless::Function"


def test_every_function_of_the_map_is_there_and_no_other(dev: Template) -> None:
    assert properties(dev, SERVERLESS).keys() == {logical_id(each.name) for each in every_function()}


def test_each_loads_its_own_handler_with_its_own_time_and_memory(dev: Template) -> None:
    found = properties(dev, SERVERLESS)
    for function in every_function():
        made = found[logical_id(function.name)]
        assert made["FunctionName"] == f"svyaz-dev-{function.name}"
        told = (made["Handler"], made["Timeout"], made["MemorySize"])
        assert told == (function.handler, function.timeout_s, function.memory_mb)
        module, _, name = function.handler.rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


def test_each_has_a_role_and_a_log_of_its_own(dev: Template) -> None:
    roles = [each["Role"]["Fn::GetAtt"][0] for each in properties(dev, SERVERLESS).values()]
    assert len(set(roles)) == len(roles)
    assert set(roles) == properties(dev, "AWS::IAM::Role").keys()
    logs = {each["LogGroupName"] for each in properties(dev, "AWS::Logs::LogGroup").values()}
    assert logs == {f"/aws/lambda/svyaz-dev-{each.name}" for each in every_function()}


def test_logs_are_kept_for_a_time(dev: Template, prod: Template) -> None:
    kept = [
        {each["RetentionInDays"] for each in properties(one, "AWS::Logs::LogGroup").values()} for one in (dev, prod)
    ]
    assert kept == [{14}, {90}]


def test_every_queue_takes_partial_answers(dev: Template) -> None:
    found = properties(dev, SERVERLESS)
    polled = [event for each in found.values() for event in each.get("Events", {}).values() if event["Type"] == "SQS"]
    assert len(polled) == len(triggers().queues)
    assert all(event["Properties"]["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for event in polled)
    for trigger in triggers().queues:
        [event] = found[logical_id(trigger.function.name)]["Events"].values()
        queue = dev["Resources"][event["Properties"]["Queue"]["Fn::GetAtt"][0]]["Properties"]["QueueName"]
        assert (queue.split("-", 2)[2], event["Properties"]["BatchSize"]) == (
            trigger.queue.split("-", 2)[2],
            trigger.batch_size,
        )


def test_schedules_are_those_of_the_map(dev: Template) -> None:
    for trigger in triggers().schedules:
        [event] = properties(dev, SERVERLESS)[logical_id(trigger.function.name)]["Events"].values()
        assert (event["Type"], event["Properties"]) == ("Schedule", {"Schedule": trigger.expression})


def test_alarms_of_other_stages_wake_nobody(dev: Template) -> None:
    [event] = properties(dev, SERVERLESS)["PlatformAlarm"]["Events"].values()
    assert event["Properties"]["Pattern"]["detail"] == {"alarmName": [{"prefix": "svyaz-dev-"}]}
    assert event["Properties"]["Pattern"]["source"] == ["aws.cloudwatch"]


def test_no_function_is_told_a_secret(dev: Template) -> None:
    for made in properties(dev, SERVERLESS).values():
        names = made["Environment"]["Variables"]
        assert all(name.startswith("SVYAZ_") for name in names)
        assert "EdgeKey" not in str(names)


@pytest.fixture
def chalice() -> dict[str, Any]:
    """What Chalice makes of the app."""
    from app import app  # noqa: PLC0415
    from infra.packaging.build import ROOT  # noqa: PLC0415
    from tests.infra.packaging.conftest import NoBundle  # noqa: PLC0415

    bundle: Any = NoBundle()
    return copy.deepcopy(chalice_sam.generate(app, ROOT, "dev", bundle)["Resources"])


def test_a_function_that_the_map_does_not_name_is_refused(chalice: dict[str, Any]) -> None:
    chalice["SomethingNew"] = chalice["PlatformTick"]
    with pytest.raises(PackagingError, match="SomethingNew"):
        functions.resources("dev", chalice, triggers())


def test_another_handler_than_the_maps_is_refused(chalice: dict[str, Any]) -> None:
    chalice["PlatformTick"]["Properties"]["Handler"] = "app.other"
    with pytest.raises(PackagingError, match=r"platform_tick: Chalice loads app\.other"):
        functions.resources("dev", chalice, triggers())
