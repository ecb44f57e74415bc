"""What the role of a function in the template allows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from infra.packaging.errors import PackagingError
from infra.packaging.functions import SERVERLESS
from infra.packaging.intrinsics import Resolver
from infra.packaging.naming import full_name, logical_id
from infra.packaging.proof.actions import Deed
from infra.packaging.rights import poll, write_traces
from infra.packaging.template import Template

POLLING = poll("").actions


@dataclass(frozen=True)
class Right:
    """One action on the resources of one pattern."""

    action: str
    resource: str
    condition: tuple[tuple[str, str], ...] = ()

    def allows(self, deed: Deed) -> bool:
        """Whether IAM would let the deed pass by this right."""
        pattern = re.escape(self.resource).replace(r"\*", ".*")
        is_met = all(deed.context.get(key) == value for key, value in self.condition)
        return self.action == deed.action and is_met and re.fullmatch(pattern, deed.resource) is not None

    @property
    def is_broad(self) -> bool:
        """Whether it names no action or no resource, where AWS knows one."""
        return "*" in self.action or (self.resource == "*" and self.action not in write_traces().actions)

    def __str__(self) -> str:
        return f"{self.action} on {self.resource}"


def rights(template: Template, resolver: Resolver, function: str) -> list[Right]:
    """The rights of a function.

    Raises: PackagingError for a right that names no action or no resource.
    """
    role = template["Resources"][f"{logical_id(function)}Role"]["Properties"]
    documents = [resolver.value(policy["PolicyDocument"]) for policy in role["Policies"]]
    found = [right for document in documents for statement in document["Statement"] for right in _rights(statement)]
    if broad := [right for right in found if right.is_broad]:
        raise PackagingError(f"{function}: too broad a right: {broad[0]}")
    return found


def _rights(statement: dict[str, Any]) -> Iterator[Right]:
    """The rights of one statement; only the kinds of statements that we write are read."""
    condition = statement.get("Condition", {})
    if statement["Effect"] != "Allow" or not condition.keys() <= {"StringEquals"}:
        raise PackagingError(f"a statement that infra/packaging/proof/policy.py cannot judge: {statement}")
    equals = tuple(condition.get("StringEquals", {}).items())
    for action in statement["Action"]:
        for resource in statement["Resource"]:
            yield Right(action, resource, equals)


def deeds_of_lambda(template: Template, resolver: Resolver, stage: str, function: str) -> Iterator[Deed]:
    """What Lambda itself does in the function's name: it writes the log and polls the queues."""
    properties = template["Resources"][logical_id(function)]["Properties"]
    if template["Resources"][logical_id(function)]["Type"] != SERVERLESS:
        raise PackagingError(f"{function} is no function of the template")
    here = resolver.value({"Fn::Sub": "${AWS::Region}:${AWS::AccountId}"})
    group = f"arn:aws:logs:{here}:log-group:/aws/lambda/{full_name(stage, function)}:log-stream:a"
    yield from (Deed(f"logs:{action}", group) for action in ("CreateLogStream", "PutLogEvents"))
    for event in properties.get("Events", {}).values():
        if event["Type"] == "SQS":
            queue = template["Resources"][event["Properties"]["Queue"]["Fn::GetAtt"][0]]["Properties"]["QueueName"]
            yield from (Deed(action, f"arn:aws:sqs:{here}:{queue}") for action in POLLING)
