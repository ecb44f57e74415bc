"""How objects and events reach queues: the two ways by which the local runtime learns of them."""

import json
from typing import Any
from urllib.parse import quote_plus

import pytest
from botocore.exceptions import ClientError

from tests.infra.local.aws.conftest import Client

BUCKET = "recordings"


@pytest.fixture(scope="module")
def queue_url(client: Client) -> str:
    """A queue."""
    return str(client("sqs").create_queue(QueueName="events")["QueueUrl"])


@pytest.fixture(scope="module")
def queue_arn(client: Client, queue_url: str) -> str:
    """The queue's name for rules and notifications."""
    found = client("sqs").get_queue_attributes(QueueUrl=queue_url, AttributeNames=["QueueArn"])
    return str(found["Attributes"]["QueueArn"])


def next_body(client: Client, queue_url: str) -> Any:
    """The next message's body; None if there is none."""
    sqs = client("sqs")
    messages = sqs.receive_message(QueueUrl=queue_url).get("Messages", [])
    for message in messages:
        sqs.delete_message(QueueUrl=queue_url, ReceiptHandle=message["ReceiptHandle"])
    return json.loads(messages[0]["Body"]) if messages else None


def test_objects_are_announced(client: Client, queue_url: str, queue_arn: str) -> None:
    """After a test message, one record per object that fits the filter, at once."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    rules = [{"Name": "prefix", "Value": "calls/"}, {"Name": "suffix", "Value": ".ogg"}]
    created = {"QueueArn": queue_arn, "Events": ["s3:ObjectCreated:*"], "Filter": {"Key": {"FilterRules": rules}}}
    s3.put_bucket_notification_configuration(
        Bucket=BUCKET, NotificationConfiguration={"QueueConfigurations": [created]}
    )
    test = next_body(client, queue_url)
    assert (test["Service"], test["Event"], test["Bucket"]) == ("Amazon S3", "s3:TestEvent", BUCKET)

    key = "calls/запись 1+2.ogg"
    s3.put_object(Bucket=BUCKET, Key="calls/other.txt", Body=b"no")
    s3.put_object(Bucket=BUCKET, Key=key, Body=b"sound")
    (record,) = next_body(client, queue_url)["Records"]
    assert (record["eventSource"], record["eventName"], record["awsRegion"]) == (
        "aws:s3",
        "ObjectCreated:Put",
        "eu-central-1",
    )
    assert record["eventVersion"].startswith("2.")
    assert record["s3"]["bucket"]["name"] == BUCKET
    assert record["s3"]["bucket"]["arn"] == f"arn:aws:s3:::{BUCKET}"
    assert record["s3"]["object"]["key"] == quote_plus(key, safe="/")
    assert (record["s3"]["object"]["size"], len(record["s3"]["object"]["eTag"])) == (5, 32)
    assert next_body(client, queue_url) is None


def test_multipart_uploads_are_announced_once(client: Client, queue_url: str, queue_arn: str) -> None:
    """When they are complete."""
    s3 = client("s3")
    s3.create_bucket(Bucket="parts", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    created = {"QueueArn": queue_arn, "Events": ["s3:ObjectCreated:*"]}
    s3.put_bucket_notification_configuration(
        Bucket="parts", NotificationConfiguration={"QueueConfigurations": [created]}
    )
    assert next_body(client, queue_url)["Event"] == "s3:TestEvent"
    upload = s3.create_multipart_upload(Bucket="parts", Key="k")["UploadId"]
    part = s3.upload_part(Bucket="parts", Key="k", UploadId=upload, PartNumber=1, Body=b"x" * 10)
    assert next_body(client, queue_url) is None
    parts = {"Parts": [{"ETag": part["ETag"], "PartNumber": 1}]}
    s3.complete_multipart_upload(Bucket="parts", Key="k", UploadId=upload, MultipartUpload=parts)
    assert next_body(client, queue_url)["Records"][0]["eventName"] == "ObjectCreated:CompleteMultipartUpload"


def test_events_are_routed_by_their_pattern(client: Client, queue_url: str, queue_arn: str) -> None:
    """The whole event, as AWS delivers it."""
    events = client("events")
    pattern = json.dumps({"source": ["svyaz.booking"], "detail": {"kind": ["created"]}})
    events.put_rule(Name="booked", EventPattern=pattern)
    events.put_targets(Rule="booked", Targets=[{"Id": "q", "Arn": queue_arn}])
    entries = [
        {"Source": "svyaz.booking", "DetailType": "booking", "Detail": json.dumps({"kind": kind})}
        for kind in ("moved", "created")
    ]
    assert events.put_events(Entries=entries)["FailedEntryCount"] == 0
    event = next_body(client, queue_url)
    assert (event["source"], event["detail-type"], event["detail"]) == ("svyaz.booking", "booking", {"kind": "created"})
    assert {"version", "id", "account", "time", "region", "resources"} <= event.keys()
    assert next_body(client, queue_url) is None
    events.remove_targets(Rule="booked", Ids=["q"])


def test_a_target_may_shape_its_message(client: Client, queue_url: str, queue_arn: str) -> None:
    """By a constant input."""
    events = client("events")
    events.put_rule(Name="shaped", EventPattern=json.dumps({"source": ["svyaz.shaped"]}))
    events.put_targets(Rule="shaped", Targets=[{"Id": "q", "Arn": queue_arn, "Input": '{"job": "sweep"}'}])
    events.put_events(Entries=[{"Source": "svyaz.shaped", "DetailType": "t", "Detail": "{}"}])
    assert next_body(client, queue_url) == {"job": "sweep"}


def test_other_destinations_are_refused(client: Client) -> None:
    """They would be accepted and never reached."""
    arn = "arn:aws:lambda:eu-central-1:000000000000:function:f"
    client("events").put_rule(Name="refused", ScheduleExpression="rate(1 minute)")
    with pytest.raises(ClientError, match="only target SQS queues"):
        client("events").put_targets(Rule="refused", Targets=[{"Id": "f", "Arn": arn}])
    lambdas = {"LambdaFunctionConfigurations": [{"LambdaFunctionArn": arn, "Events": ["s3:ObjectCreated:*"]}]}
    with pytest.raises(ClientError):
        client("s3").put_bucket_notification_configuration(Bucket=BUCKET, NotificationConfiguration=lambdas)
