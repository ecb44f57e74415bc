"""Stacks, on moto."""

from __future__ import annotations

import json
import os
from typing import Any

import boto3
import pytest
from botocore.exceptions import WaiterError

from infra.packaging import stack as stack_module
from infra.packaging.errors import PackagingError
from infra.packaging.stack import Stack

REGION = "eu-central-1"
NAME = "svyaz-dev-stack"


def template(*queues: str) -> dict[str, Any]:
    """A template with one parameter and some queues."""
    return {
        "Parameters": {"Mail": {"Type": "String"}, "Url": {"Type": "String", "Default": "none"}},
        "Resources": {
            name: {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": f"svyaz-dev-{name}"}} for name in queues
        },
        "Outputs": {"Mail": {"Value": {"Ref": "Mail"}}, "Url": {"Value": {"Ref": "Url"}}},
    }


@pytest.fixture
def cloudformation(account: str) -> Any:
    """CloudFormation of an empty account."""
    return boto3.client("cloudformation", region_name=REGION)


def put(content: dict[str, Any]) -> str:
    """The address of a template."""
    s3 = boto3.client("s3", region_name="us-east-1")
    bucket = f"templates-{os.environ['MOTO_ACCOUNT_ID']}"
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="t.json", Body=json.dumps(content))
    return f"https://{bucket}.s3.us-east-1.amazonaws.com/t.json"


def names(cloudformation: Any) -> set[str]:
    """What the stack holds."""
    found = cloudformation.list_stack_resources(StackName=NAME)["StackResourceSummaries"]
    return {each["LogicalResourceId"] for each in found}


def test_a_stack_is_made_and_then_changed(cloudformation: Any) -> None:
    told: list[str] = []
    stack = Stack(cloudformation, NAME, told.append)
    for queues in (("One",), ("One", "Two")):
        stack.apply(put(template(*queues)), {"Mail": "a@b.example"}, template()["Parameters"])
        assert names(cloudformation) == set(queues)
    assert told[0] == "add AWS::SQS::Queue One"
    assert "add AWS::SQS::Queue Two" in told


def test_outputs_are_told(cloudformation: Any) -> None:
    mail = {"ParameterKey": "Mail", "ParameterValue": "a@b.example"}
    cloudformation.create_stack(StackName=NAME, TemplateBody=json.dumps(template("One")), Parameters=[mail])
    assert Stack(cloudformation, NAME, print).outputs() == {"Mail": "a@b.example", "Url": "none"}


def test_what_is_not_given_stays_as_it_was(cloudformation: Any) -> None:
    sent: list[Any] = []
    cloudformation.meta.events.register(
        "provide-client-params.cloudformation.CreateChangeSet", lambda params, **_: sent.append(params["Parameters"])
    )
    stack, known = Stack(cloudformation, NAME, print), template()["Parameters"]
    stack.apply(put(template("One")), {"Mail": "a@b.example", "Other": "x"}, known)
    stack.apply(put(template("One", "Two")), {"Mail": "c@d.example"}, known)
    assert sent[0] == [{"ParameterKey": "Mail", "ParameterValue": "a@b.example"}]
    assert {"ParameterKey": "Mail", "ParameterValue": "c@d.example"} in sent[1]


def test_parameters_of_a_standing_stack_are_kept() -> None:
    known = template()["Parameters"]
    assert list(stack_module._parameters({"Mail": "a@b.example"}, known, {"Mail", "Url", "Gone"})) == [
        {"ParameterKey": "Mail", "ParameterValue": "a@b.example"},
        {"ParameterKey": "Url", "UsePreviousValue": True},
    ]


class Refused:
    """A CloudFormation that refuses a change."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        self.deleted: list[str] = []

    def get_waiter(self, _name: str) -> Refused:
        """Waits for a change."""
        return self

    def wait(self, **_arguments: str) -> None:
        """The end of the change."""
        raise WaiterError("change", "failed", {"StatusReason": self.reason})

    def delete_change_set(self, ChangeSetName: str) -> None:  # noqa: N803  # boto3's name
        """Takes the change away."""
        self.deleted.append(ChangeSetName)


def test_nothing_to_change_is_no_error() -> None:
    told: list[str] = []
    refused = Refused("The submitted information didn't contain changes.")
    assert Stack(refused, NAME, told.append)._is_change("c1") is False
    assert (told, refused.deleted) == (["nothing to change"], ["c1"])


def test_a_refused_change_is_told_in_cloudformations_words() -> None:
    with pytest.raises(PackagingError, match="Circular dependency"):
        Stack(Refused("Circular dependency between resources"), NAME, print)._is_change("c1")


def test_a_stack_whose_first_deployment_failed_is_told(cloudformation: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    stack = Stack(cloudformation, NAME, print)
    monkeypatch.setattr(stack, "_described", lambda: {"StackStatus": "ROLLBACK_COMPLETE"})
    with pytest.raises(PackagingError, match="ROLLBACK_COMPLETE: delete"):
        stack.apply("https://nowhere.example", {}, {})


def test_a_stack_that_is_not_there_is_told(cloudformation: Any) -> None:
    with pytest.raises(PackagingError, match=f"no stack {NAME}"):
        Stack(cloudformation, NAME, print).outputs()
