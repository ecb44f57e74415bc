"""S3 buckets of the template: closed to the world, encrypted, tidied up."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from infra.packaging.functions import permission
from infra.packaging.naming import attribute, bucket_name, logical_id, ref, sub
from infra.packaging.tables import removal
from infra.resources import BUCKETS
from infra.triggers import BucketTrigger, Triggers

KEPT_DAYS = {"exports": 7, "imports": 90}
OLD_VERSIONS_KEPT_DAYS = {"exports": 1}
OLD_VERSIONS_ELSE_KEPT_DAYS = 30
Resources = dict[str, dict[str, Any]]


def resources(stage: str, found: Triggers, readers: Mapping[str, dict[str, Any]]) -> Resources:
    """Every bucket with its policy, and the right of the bucket to wake its function.

    Shape: `readers` are further statements for the policies of buckets, by the buckets' names.
    """
    made: Resources = {}
    for name in BUCKETS:
        woken = [trigger for trigger in found.buckets if trigger.bucket == name]
        made[bucket_id(name)] = _bucket(stage, name, woken)
        made[f"{bucket_id(name)}Policy"] = _policy(name, [readers[name]] if name in readers else [])
        made |= {_permission_id(trigger): _permission(stage, trigger) for trigger in woken}
    return made


def bucket_id(name: str) -> str:
    """What a bucket is called inside the template."""
    return logical_id(name, "Bucket")


def _bucket(stage: str, name: str, woken: list[BucketTrigger]) -> dict[str, Any]:
    properties = {
        "BucketName": sub(bucket_name(stage, name)),
        "PublicAccessBlockConfiguration": {
            "BlockPublicAcls": True,
            "BlockPublicPolicy": True,
            "IgnorePublicAcls": True,
            "RestrictPublicBuckets": True,
        },
        "OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]},
        "BucketEncryption": {
            "ServerSideEncryptionConfiguration": [{"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
        "VersioningConfiguration": {"Status": "Enabled"},
        "LifecycleConfiguration": {"Rules": _rules(name)},
    }
    if woken:
        properties["NotificationConfiguration"] = {"LambdaConfigurations": [_notification(each) for each in woken]}
    waits = {"DependsOn": [_permission_id(trigger) for trigger in woken]} if woken else {}
    return {"Type": "AWS::S3::Bucket", **waits, **removal(stage), "Properties": properties}


def _rules(name: str) -> list[dict[str, Any]]:
    kept_days = OLD_VERSIONS_KEPT_DAYS.get(name, OLD_VERSIONS_ELSE_KEPT_DAYS)
    old = {"NoncurrentVersionExpiration": {"NoncurrentDays": kept_days}}
    unfinished = {"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}}
    rules: list[dict[str, Any]] = [{"Id": "tidy", "Status": "Enabled", **old, **unfinished}]
    if name in KEPT_DAYS:
        rules.append({"Id": "expire", "Status": "Enabled", "ExpirationInDays": KEPT_DAYS[name]})
    return rules


def _notification(trigger: BucketTrigger) -> dict[str, Any]:
    prefix = {"S3Key": {"Rules": [{"Name": "prefix", "Value": trigger.prefix}]}}
    return {"Event": "s3:ObjectCreated:*", "Function": attribute(logical_id(trigger.function.name)), "Filter": prefix}


def _permission_id(trigger: BucketTrigger) -> str:
    return f"{logical_id(trigger.function.name)}BucketPermission"


def _permission(stage: str, trigger: BucketTrigger) -> dict[str, Any]:
    source = f"arn:${{AWS::Partition}}:s3:::{bucket_name(stage, trigger.bucket)}"
    return permission(trigger.function, "s3.amazonaws.com", source, SourceAccount=ref("AWS::AccountId"))


def _policy(name: str, more: list[dict[str, Any]]) -> dict[str, Any]:
    bucket = attribute(bucket_id(name))
    objects = sub(f"${{{bucket_id(name)}.Arn}}/*")
    statement = {
        "Sid": "OnlyEncryptedConnections",
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": [bucket, objects],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    document = {"Version": "2012-10-17", "Statement": [statement, *more]}
    return {"Type": "AWS::S3::BucketPolicy", "Properties": {"Bucket": ref(bucket_id(name)), "PolicyDocument": document}}
