"""Tables, queues and buckets of the template."""

from __future__ import annotations

import json

from infra.packaging.template import Template
from infra.resources import BUCKETS, QUEUES, TABLES, table_schema
from tests.infra.packaging.conftest import properties

DATA = ("AWS::DynamoDB::Table", "AWS::S3::Bucket")


def test_every_table_is_there_as_the_code_queries_it(dev: Template) -> None:
    found = {each["TableName"]: each for each in properties(dev, "AWS::DynamoDB::Table").values()}
    assert found.keys() == {f"svyaz-dev-{table.Meta.name}" for table in TABLES}
    for table in TABLES:
        made = found[f"svyaz-dev-{table.Meta.name}"]
        assert {name: made[name] for name in table_schema(table)} == table_schema(table)


def test_every_table_can_be_restored_is_encrypted_and_cleans_up(dev: Template) -> None:
    for made in properties(dev, "AWS::DynamoDB::Table").values():
        assert made["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
        assert made["SSESpecification"] == {"SSEEnabled": True}
        assert made["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
        assert made["BillingMode"] == "PAY_PER_REQUEST"


def test_data_of_prod_outlives_mistakes(dev: Template, prod: Template) -> None:
    for template, is_kept in ((dev, False), (prod, True)):
        policy = "Retain" if is_kept else "Delete"
        kept = [each for each in template["Resources"].values() if each["Type"] in DATA]
        assert {(each["DeletionPolicy"], each["UpdateReplacePolicy"]) for each in kept} == {(policy, policy)}
        tables = properties(template, "AWS::DynamoDB::Table").values()
        assert {each["DeletionProtectionEnabled"] for each in tables} == {is_kept}


def test_every_queue_has_its_dead_letter_queue(dev: Template) -> None:
    found = {each["QueueName"]: each for each in properties(dev, "AWS::SQS::Queue").values()}
    assert len(found) == 2 * len(QUEUES)
    for queue in QUEUES:
        made, dead = found[f"svyaz-dev-{queue.name}"], found[f"svyaz-dev-{queue.dead_letters}"]
        target = dev["Resources"][made["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        assert target["Properties"] == dead
        assert (made["VisibilityTimeout"], made["RedrivePolicy"]["maxReceiveCount"]) == (
            queue.visibility_s,
            queue.receives,
        )
        assert made.get("FifoQueue", False) is dead.get("FifoQueue", False) is queue.is_fifo
        assert dead["MessageRetentionPeriod"] == 14 * 24 * 3600
        assert "RedrivePolicy" not in dead


def test_queues_are_encrypted_and_dedupe_by_our_ids(dev: Template) -> None:
    for made in properties(dev, "AWS::SQS::Queue").values():
        assert made["SqsManagedSseEnabled"] is True
        assert made.get("ContentBasedDeduplication", False) is False


def test_buckets_are_closed(dev: Template) -> None:
    found = properties(dev, "AWS::S3::Bucket")
    assert len(found) == len(BUCKETS)
    for name, made in found.items():
        assert set(made["PublicAccessBlockConfiguration"].values()) == {True}
        assert made["BucketName"]["Fn::Sub"].endswith("-${AWS::AccountId}")
        [policy] = [
            each for each in properties(dev, "AWS::S3::BucketPolicy").values() if each["Bucket"] == {"Ref": name}
        ]
        assert policy["PolicyDocument"]["Statement"][0]["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def test_only_the_site_reads_the_pages(dev: Template) -> None:
    statements = dev["Resources"]["PagesBucketPolicy"]["Properties"]["PolicyDocument"]["Statement"]
    [allowed] = [each for each in statements if each["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert allowed["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"].endswith(":distribution/${Site}")


def test_uploads_of_catalogues_wake_their_function(dev: Template) -> None:
    bucket = dev["Resources"]["ImportsBucket"]
    [told] = bucket["Properties"]["NotificationConfiguration"]["LambdaConfigurations"]
    assert told["Function"] == {"Fn::GetAtt": ["BookingImport", "Arn"]}
    assert told["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "catalogues/"}]
    permission = dev["Resources"][bucket["DependsOn"][0]]["Properties"]
    assert permission["Principal"] == "s3.amazonaws.com"
    assert permission["SourceArn"]["Fn::Sub"].endswith(bucket["Properties"]["BucketName"]["Fn::Sub"])
    assert permission["SourceAccount"] == {"Ref": "AWS::AccountId"}


def test_stages_share_no_name(dev: Template, prod: Template) -> None:
    assert "svyaz-prod" not in json.dumps(dev)
    assert "svyaz-dev" not in json.dumps(prod)


def test_files_of_people_are_gone_after_a_week_with_all_their_versions(dev: Template) -> None:
    """PLAT-23."""
    [tidy, expire] = dev["Resources"]["ExportsBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert expire["ExpirationInDays"] == 7
    assert tidy["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}
    assert {tidy["Status"], expire["Status"]} == {"Enabled"}
    [others, _] = dev["Resources"]["ImportsBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert others["NoncurrentVersionExpiration"] == {"NoncurrentDays": 30}
