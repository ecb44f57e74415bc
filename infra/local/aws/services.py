"""Which service a signed request belongs to, and what of that service is not imitated."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from infra.local.aws.exchange import Refused, WireRequest

MAIL_V1, MAIL_V2 = "SendEmail", "/v2/email/outbound-emails"


@dataclass(frozen=True)
class Service:
    """A service that is let through: its module in ministack and, if it speaks JSON, what its operations start with."""

    module: str
    target_prefix: str = ""


SERVICES: Mapping[str, Service] = {
    "dynamodb": Service("dynamodb", "DynamoDB_20120810."),
    "sqs": Service("sqs", "AmazonSQS."),
    "kms": Service("kms", "TrentService."),
    "ssm": Service("ssm", "AmazonSSM."),
    "secretsmanager": Service("secretsmanager", "secretsmanager."),
    "events": Service("eventbridge", "AWSEvents."),
    "s3": Service("s3"),
    "ses": Service("ses"),
}
_TEMPLATED_MAIL = re.compile(rb"(^|&)Action=Send(BulkT|T)emplatedEmail(&|$)")
_NOT_A_QUEUE = re.compile(rb"<(CloudFunction|Topic|LambdaFunction|EventBridge)")


def check_route(name: str, request: WireRequest) -> Service:
    """The service of that name, when the request has the form of one of its calls.

    Raises: Refused when it is another service's call, or a service that is not imitated.
    """
    service = SERVICES.get(name)
    if service is None:
        raise Refused(f"the service {name} is not imitated; here are only {', '.join(sorted(SERVICES))}")
    if request.path.startswith("/_"):
        raise Refused("ministack's own addresses are closed")
    target = request.headers.get("x-amz-target", "")
    if service.target_prefix:
        is_its_call = _is_root_post(request) and target.startswith(service.target_prefix)
    elif name == "ses":
        is_its_call = not target and (_is_root_post(request) or request.path.startswith("/v2/email/"))
    else:
        is_its_call = not target and request.method in ("GET", "HEAD", "PUT", "POST", "DELETE")
    if not is_its_call:
        raise Refused(f"the request is signed for {name} but is not one of its calls")
    return service


def check_imitated(name: str, request: WireRequest, body: bytes) -> None:
    """Returns when the call does not ask for what ministack would accept and never do.

    Raises: Refused.
    """
    if name == "ses" and _is_odd_mail(request, body):
        raise Refused("templated and bulk mail and attachments outside raw MIME are not imitated: send raw MIME")
    if name == "events" and operation(request) == "PutTargets" and not _are_queues(body):
        raise Refused("EventBridge rules may only target SQS queues here")
    if name == "s3" and "notification" in request.query and request.method == "PUT" and _NOT_A_QUEUE.search(body):
        raise Refused("S3 notifications may only go to SQS queues here")
    if name == "s3" and request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        raise Refused("POST form uploads to S3 are not imitated")


def operation(request: WireRequest) -> str:
    """The operation's name in a JSON call, else an empty text."""
    return request.headers.get("x-amz-target", "").rpartition(".")[2]


def _is_root_post(request: WireRequest) -> bool:
    return request.method == "POST" and request.path == "/" and not request.raw_query


def _is_odd_mail(request: WireRequest, body: bytes) -> bool:
    if request.path == "/":
        return _TEMPLATED_MAIL.search(body) is not None
    if request.path.startswith("/v2/email/outbound-bulk-emails"):
        return True
    if request.path.rstrip("/") != MAIL_V2:
        return False
    content = _json_object(body).get("Content")
    if not isinstance(content, dict):
        return True
    simple = content.get("Simple")
    return "Template" in content or (isinstance(simple, dict) and "Attachments" in simple)


def _are_queues(body: bytes) -> bool:
    targets = _json_object(body).get("Targets")
    return isinstance(targets, list) and all(
        isinstance(target, dict) and str(target.get("Arn")).startswith("arn:aws:sqs:") for target in targets
    )


def _json_object(body: bytes) -> dict[str, object]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
