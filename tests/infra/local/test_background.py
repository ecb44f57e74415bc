"""Events of S3 and EventBridge wake functions, and calls that fail are made again."""

from __future__ import annotations

import json
import uuid

from tests.infra.local.conftest import Local

BUCKET = "svyaz-local-inbox"


def test_an_uploaded_object_wakes_its_function_with_s3s_event(local: Local) -> None:
    key = f"in/{uuid.uuid4().hex} и.csv"
    local.client("s3").put_object(Bucket=BUCKET, Key=key, Body=b"12345")
    encoded = key.replace(" ", "+").replace("и", "%D0%B8")
    event = local.until_noted("uploads", lambda one: one["Records"][0]["s3"]["object"]["key"] == encoded)[0]
    record = event["Records"][0]
    assert record["eventSource"] == "aws:s3"
    assert record["eventName"] == "ObjectCreated:Put"
    assert record["s3"]["bucket"]["name"] == BUCKET
    assert record["s3"]["object"]["size"] == 5


def test_other_objects_and_tests_of_the_notification_wake_nobody(local: Local) -> None:
    local.client("s3").put_object(Bucket=BUCKET, Key="out/a.csv", Body=b"1")
    local.client("s3").put_object(Bucket=BUCKET, Key="in/last.csv", Body=b"1")
    local.until_noted("uploads", lambda one: one["Records"][0]["s3"]["object"]["key"] == "in/last.csv")
    keys = [one["Records"][0]["s3"]["object"]["key"] for one in local.noted("uploads")]
    assert all(key.startswith("in/") for key in keys)


def test_an_event_of_eventbridge_wakes_the_function_of_its_pattern_again_after_a_failure(local: Local) -> None:
    mark = uuid.uuid4().hex
    entry = {"Source": "sample", "DetailType": "Thing Done", "Detail": json.dumps({"mark": mark})}
    other = {**entry, "Source": "another"}
    local.client("events").put_events(Entries=[other, entry])
    found = local.until_noted("events", lambda one: one["detail"]["mark"] == mark)
    if len(local.noted("events")) == 1:  # the very first event of all fails once
        found = local.until_noted("events", lambda one: one["detail"]["mark"] == mark, 2)
    event = found[-1]
    assert event.keys() == {
        *("version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail")
    }
    assert (event["source"], event["detail-type"]) == ("sample", "Thing Done")


def test_rates_fire_at_start(local: Local) -> None:
    event = local.until_noted("ticks", lambda _: True)[0]
    assert (event["detail-type"], event["source"]) == ("Scheduled Event", "aws.events")
