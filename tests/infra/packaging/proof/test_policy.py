"""What roles allow."""

from __future__ import annotations

import copy

import pytest

from infra.packaging.errors import PackagingError
from infra.packaging.intrinsics import Resolver
from infra.packaging.proof import policy
from infra.packaging.proof.actions import Deed
from infra.packaging.proof.policy import Right
from infra.packaging.template import Template
from infra.triggers import functions

ADDRESSES = {"MailFrom": "from@a.example", "OperatorMail": "to@b.example"}


@pytest.mark.parametrize(
    ("action", "resource", "is_allowed"),
    [
        ("s3:GetObject", "arn:aws:s3:::b/in/x/y", True),
        ("s3:GetObject", "arn:aws:s3:::b/in/", True),
        ("s3:GetObject", "arn:aws:s3:::b/out/x", False),
        ("s3:GetObject", "arn:aws:s3:::c/in/x", False),
        ("s3:PutObject", "arn:aws:s3:::b/in/x", False),
    ],
)
def test_rights_are_of_one_action_on_one_pattern(action: str, resource: str, is_allowed: bool) -> None:  # noqa: FBT001
    assert Right("s3:GetObject", "arn:aws:s3:::b/in/*").allows(Deed(action, resource)) is is_allowed


def test_a_dot_is_a_dot() -> None:
    right = Right("sqs:SendMessage", "arn:aws:sqs:r:a:q.fifo")
    assert right.allows(Deed("sqs:SendMessage", "arn:aws:sqs:r:a:q.fifo"))
    assert not right.allows(Deed("sqs:SendMessage", "arn:aws:sqs:r:a:qxfifo"))


def test_conditions_are_met_or_nothing_is_allowed(dev: Template) -> None:
    held = policy.rights(dev, Resolver(dev, ADDRESSES), "platform_alarm")
    identity = "arn:aws:ses:eu-central-1:000000000000:identity/from@a.example"
    ours = Deed("ses:SendEmail", identity, {"ses:FromAddress": "from@a.example"})
    anothers = Deed("ses:SendEmail", identity, {"ses:FromAddress": "ceo@a.example"})
    assert any(right.allows(ours) for right in held)
    assert not any(right.allows(anothers) for right in held)


def test_every_role_allows_what_lambda_does_in_its_name(dev: Template) -> None:
    resolver = Resolver(dev, ADDRESSES)
    for function in functions():
        held = policy.rights(dev, resolver, function.name)
        for deed in policy.deeds_of_lambda(dev, resolver, "dev", function.name):
            assert any(right.allows(deed) for right in held), f"{function.name}: {deed}"


def test_pollers_need_four_rights(dev: Template) -> None:
    found = list(policy.deeds_of_lambda(dev, Resolver(dev, ADDRESSES), "dev", "booking_inbound"))
    queue = "arn:aws:sqs:eu-central-1:000000000000:svyaz-dev-inbound-booking.fifo"
    wanted = {"ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "ChangeMessageVisibility"}
    assert {deed.action for deed in found if deed.resource == queue} == {f"sqs:{name}" for name in wanted}


@pytest.mark.parametrize(
    ("action", "resource", "told"),
    [
        ("dynamodb:*", "arn:aws:dynamodb:r:a:table/t", "too broad"),
        ("dynamodb:GetItem", "*", "too broad"),
    ],
)
def test_broad_rights_are_refused(dev: Template, action: str, resource: str, told: str) -> None:
    broad = copy.deepcopy(dev)
    [document] = broad["Resources"]["PlatformTickRole"]["Properties"]["Policies"]
    document["PolicyDocument"]["Statement"] += [{"Effect": "Allow", "Action": [action], "Resource": [resource]}]
    with pytest.raises(PackagingError, match=told):
        policy.rights(broad, Resolver(broad, ADDRESSES), "platform_tick")


def test_statements_that_cannot_be_judged_are_refused(dev: Template) -> None:
    odd = copy.deepcopy(dev)
    [document] = odd["Resources"]["PlatformTickRole"]["Properties"]["Policies"]
    statement = {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["a"], "Condition": {"IpAddress": {}}}
    document["PolicyDocument"]["Statement"] += [statement]
    with pytest.raises(PackagingError, match="cannot judge"):
        policy.rights(odd, Resolver(odd, ADDRESSES), "platform_tick")
