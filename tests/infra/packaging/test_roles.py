"""The roles of the template."""

from __future__ import annotations

import dataclasses

import pytest

from infra.packaging import roles
from infra.packaging.errors import PackagingError
from infra.packaging.grants import GRANTS
from infra.packaging.intrinsics import Resolver
from infra.packaging.rights import write_traces
from infra.packaging.template import Template
from infra.triggers import functions, triggers
from tests.infra.packaging.conftest import properties


def test_the_table_of_grants_names_every_function_and_no_other() -> None:
    assert GRANTS.keys() == {function.name for function in functions()}


def test_no_role_is_broad(dev: Template) -> None:
    resolver = Resolver(dev, {"MailFrom": "from@a.example", "OperatorMail": "to@b.example"})
    for role in properties(dev, "AWS::IAM::Role").values():
        for statement in resolver.value(role["Policies"][0]["PolicyDocument"])["Statement"]:
            assert statement["Effect"] == "Allow"
            assert not any("*" in action for action in statement["Action"])
            if statement["Action"] == list(write_traces().actions):
                continue  # X-Ray knows no resources
            for resource in statement["Resource"]:
                assert any(known in resource for known in ("svyaz", "WebsocketAPI", ":identity/", "VaultKey.Arn"))


def test_letters_come_only_from_our_address(dev: Template) -> None:
    resolver = Resolver(dev, {"MailFrom": "from@a.example", "OperatorMail": "to@b.example"})
    document = resolver.value(dev["Resources"]["PlatformAlarmRole"]["Properties"]["Policies"][0]["PolicyDocument"])
    [mail] = [each for each in document["Statement"] if each["Action"] == ["ses:SendEmail"]]
    assert [each.rpartition("/")[2] for each in mail["Resource"]] == ["from@a.example", "a.example", "to@b.example"]
    assert mail["Condition"] == {"StringEquals": {"ses:FromAddress": "from@a.example"}}


def test_only_lambda_takes_a_role(dev: Template) -> None:
    for role in properties(dev, "AWS::IAM::Role").values():
        [statement] = role["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "lambda.amazonaws.com"}


def test_a_function_without_grants_is_refused() -> None:
    unknown = dataclasses.replace(functions()[0], name="unknown_function")
    with pytest.raises(PackagingError, match="unknown_function"):
        roles.role("dev", unknown, triggers())


def test_every_function_is_traced(dev: Template) -> None:
    """PLAT-40: from the first trigger to the last effect."""
    functions = properties(dev, "AWS::Serverless::Function")
    assert {function["Tracing"] for function in functions.values()} == {"Active"}


def test_data_keys_are_for_one_stage_and_purpose_alone(dev: Template, prod: Template) -> None:
    """PLAT-22: whoever only reads makes no keys."""
    for template, stage in ((dev, "dev"), (prod, "prod")):
        resolver = Resolver(template, {"MailFrom": "from@a.example", "OperatorMail": "to@b.example"})
        document = resolver.value(
            template["Resources"]["PlatformPersonalRole"]["Properties"]["Policies"][0]["PolicyDocument"]
        )
        [keys] = [each for each in document["Statement"] if each["Action"][0].startswith("kms:")]
        assert (keys["Action"], keys["Resource"]) == (["kms:Decrypt"], ["VaultKey.Arn"])
        assert keys["Condition"] == {
            "StringEquals": {"kms:EncryptionContext:stage": stage, "kms:EncryptionContext:purpose": "personal"}
        }
