"""Where CloudFormation fetches the zip and the template from: a closed bucket, files named after their content."""

from __future__ import annotations

import hashlib
from typing import Any

from botocore.exceptions import ClientError

KEPT_DAYS = 90
HOME_REGION = "us-east-1"  # S3 does not take this one as a place


def bucket_name(stage: str, account: str, region: str) -> str:
    """What the bucket of an account and region is called."""
    return f"svyaz-{stage}-artefacts-{account}-{region}"


def ensure_bucket(s3: Any, name: str, region: str) -> None:
    """Returns when the bucket is there, closed, and drops old files by itself."""
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        if error.response.get("Error", {}).get("Code") not in {"404", "NoSuchBucket"}:
            raise
        place = {} if region == HOME_REGION else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        s3.create_bucket(Bucket=name, **place)
    closed = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(closed, True))
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": KEPT_DAYS}}
    s3.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": [rule]})


def store(s3: Any, bucket: str, content: bytes, suffix: str) -> str:
    """The key under which the bucket holds the content."""
    key = f"{hashlib.sha256(content).hexdigest()}{suffix}"
    s3.put_object(Bucket=bucket, Key=key, Body=content)
    return key


def url(bucket: str, key: str, region: str) -> str:
    """The address by which CloudFormation reads a file of the bucket."""
    return f"https://{bucket}.s3.{region}.amazonaws.com/{key}"
