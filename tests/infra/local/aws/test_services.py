"""Which calls are passed on, decided without a server."""

import json
from urllib.parse import urlencode

import pytest

from infra.local.aws.exchange import Refused, WireRequest
from infra.local.aws.services import check_imitated, check_route, operation

TARGETS = {
    "dynamodb": "DynamoDB_20120810.PutItem",
    "sqs": "AmazonSQS.SendMessage",
    "kms": "TrentService.Encrypt",
    "ssm": "AmazonSSM.GetParameters",
    "secretsmanager": "secretsmanager.GetSecretValue",
    "events": "AWSEvents.PutEvents",
}


def call(method: str = "POST", path: str = "/", query: str = "", **headers: str) -> WireRequest:
    """A request of good form."""
    return WireRequest(method, path, query, {name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("service", TARGETS)
def test_json_services_take_only_their_own_operations(service: str) -> None:
    """The target's prefix names the service."""
    for other, target in TARGETS.items():
        request = call(x_amz_target=target)
        if other == service:
            check_route(service, request)
            assert operation(request) == target.split(".")[1]
        else:
            with pytest.raises(Refused):
                check_route(service, request)


@pytest.mark.parametrize("path", ["/v2/email/identities", "/v2/email/outbound-emails", "/"])
def test_both_mail_apis_are_taken(path: str) -> None:
    """SES has an old form-encoded and a newer REST interface."""
    assert check_route("ses", call(path=path)).module == "ses"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/", urlencode({"Action": "SendTemplatedEmail"}).encode()),
        ("/", b"Source=a&Action=SendBulkTemplatedEmail&Version=2010-12-01"),
        ("/v2/email/outbound-bulk-emails", b"{}"),
        ("/v2/email/outbound-emails", b"not json"),
        ("/v2/email/outbound-emails/", json.dumps({"Content": {"Template": {"TemplateName": "t"}}}).encode()),
        ("/v2/email/outbound-emails", json.dumps({"Content": {"Simple": {"Attachments": []}}}).encode()),
    ],
)
def test_mail_that_would_arrive_mutilated_is_refused(path: str, body: bytes) -> None:
    """ministack accepts it and forgets parts."""
    with pytest.raises(Refused, match="send raw MIME"):
        check_imitated("ses", call(path=path), body)


@pytest.mark.parametrize(
    "arn", ["arn:aws:lambda:eu-central-1:000000000000:function:f", "arn:aws:sns:eu-central-1:000000000000:t", None]
)
def test_rules_may_only_target_queues(arn: str | None) -> None:
    """Other targets are accepted by ministack and never reached here."""
    queue = {"Id": "1", "Arn": "arn:aws:sqs:eu-central-1:000000000000:q"}
    request = call(x_amz_target="AWSEvents.PutTargets")
    check_imitated("events", request, json.dumps({"Rule": "r", "Targets": [queue]}).encode())
    with pytest.raises(Refused):
        check_imitated(
            "events", request, json.dumps({"Rule": "r", "Targets": [queue, {"Id": "2", "Arn": arn}]}).encode()
        )


@pytest.mark.parametrize("kind", ["CloudFunctionConfiguration", "TopicConfiguration", "EventBridgeConfiguration"])
def test_notifications_may_only_go_to_queues(kind: str) -> None:
    """The same for buckets."""
    request = call("PUT", "/bucket", "notification")
    check_imitated("s3", request, b"<NotificationConfiguration><QueueConfiguration/></NotificationConfiguration>")
    with pytest.raises(Refused):
        check_imitated("s3", request, f"<NotificationConfiguration><{kind}/></NotificationConfiguration>".encode())


def test_form_uploads_are_refused() -> None:
    """A form of a web page could otherwise write objects."""
    with pytest.raises(Refused, match="form uploads"):
        check_imitated("s3", call("POST", "/bucket", content_type="multipart/form-data; boundary=x"), b"")
