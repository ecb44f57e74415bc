"""Names in the template: what things are called in AWS, and what they are called inside the template."""

from __future__ import annotations

from chalice.utils import to_cfn_resource_name

from shared.http.app import APP_NAME

STAGES = ("dev", "prod")
API_STAGE = "api"
API = "RestAPI"
SOCKET_API = "WebsocketAPI"
BUCKET_SUFFIX = "${AWS::AccountId}"


def full_name(stage: str, name: str) -> str:
    """What a table, queue or function is called in AWS."""
    return f"{APP_NAME}-{stage}-{name}"


def short_name(full: str) -> str:
    """The reverse of `full_name`, whatever the stage."""
    return full.split("-", 2)[2]


def bucket_name(stage: str, name: str) -> str:
    """What a bucket is called, as text for `Fn::Sub`.

    Shape: names of buckets are taken world-wide, so that the account's number is in them.
    """
    return f"{full_name(stage, name)}-{BUCKET_SUFFIX}"


def logical_id(name: str, kind: str = "") -> str:
    """What a thing is called inside the template: `inbound-booking.fifo`, `Queue` gives `InboundBookingFifoQueue`."""
    return f"{to_cfn_resource_name(name.replace('.', '-').replace('/', '-'))}{kind}"


def sub(text: str) -> dict[str, str]:
    """A text whose `${…}` CloudFormation fills in."""
    return {"Fn::Sub": text}


def ref(name: str) -> dict[str, str]:
    """A parameter's value, or what a resource is called."""
    return {"Ref": name}


def attribute(resource: str, name: str = "Arn") -> dict[str, list[str]]:
    """An attribute of a resource."""
    return {"Fn::GetAtt": [resource, name]}


def function_arn(stage: str, name: str) -> str:
    """The address of a function as text for `Fn::Sub`.

    Shape: made from its name alone, so that the API need not wait for the functions, which want to know its address.
    """
    return f"arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:{full_name(stage, name)}"
