"""One IAM role for each function: its grants, its log, and what its poller needs."""

from __future__ import annotations

from typing import Any

from infra.packaging.errors import PackagingError
from infra.packaging.grants import GRANTS
from infra.packaging.naming import full_name, short_name, sub
from infra.packaging.parameters import MAIL_DOMAIN as MAIL_DOMAIN_VALUE
from infra.packaging.rights import MAIL_DOMAIN, STAGE, Grant, poll, write_log, write_traces
from infra.triggers import Function, Triggers

TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


def role(stage: str, function: Function, found: Triggers) -> dict[str, Any]:
    """The role of a function.

    Raises: PackagingError for a function that the table of rights does not name.
    """
    if function.name not in GRANTS:
        raise PackagingError(f"{function.name}: infra/packaging/grants.py does not say what it may do")
    polled = (poll(short_name(trigger.queue)) for trigger in found.queues if trigger.function == function)
    granted = (write_log(function.name), write_traces(), *polled, *GRANTS[function.name])
    document = {"Version": "2012-10-17", "Statement": [_statement(stage, each) for each in granted]}
    policy = {"PolicyName": full_name(stage, function.name), "PolicyDocument": document}
    return {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": TRUST, "Policies": [policy]}}


def _statement(stage: str, grant: Grant) -> dict[str, Any]:
    statement: dict[str, Any] = {
        "Effect": "Allow",
        "Action": list(grant.actions),
        "Resource": [_filled(stage, arn) for arn in grant.on],
    }
    if grant.condition is not None:
        wanted = {key: _filled(stage, value) for key, value in grant.condition.items()}
        statement["Condition"] = {"StringEquals": wanted}
    return statement


def _filled(stage: str, text: str) -> dict[str, Any]:
    filled = text.replace(STAGE, stage)
    return {"Fn::Sub": [filled, {"MailDomain": MAIL_DOMAIN_VALUE}]} if MAIL_DOMAIN in text else sub(filled)
