"""Puts the pages into their bucket, as the functions send them: `python -m infra.upload_pages --stage dev`."""

from __future__ import annotations

import argparse
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from infra.packaging import pages
from infra.packaging.errors import PackagingError
from infra.packaging.naming import STAGES, full_name
from infra.packaging.stack import Stack


def upload(s3: Any, bucket: str) -> int:
    """How many files the bucket now holds; what is no page any more is removed."""
    found = {each.key: each for each in pages.files()}
    for key, each in found.items():
        s3.put_object(
            Bucket=bucket,
            Key=key,
            Body=each.path.read_bytes(),
            ContentType=each.content_type,
            CacheControl=pages.CACHE_CONTROL,
        )
    listed = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    for key in [entry["Key"] for page in listed for entry in page.get("Contents", [])]:
        if key not in found:
            s3.delete_object(Bucket=bucket, Key=key)
    return len(found)


def refresh(cloudfront: Any, distribution: str) -> None:
    """Makes CloudFront forget what it keeps."""
    paths = {"Quantity": 1, "Items": ["/*"]}
    batch = {"Paths": paths, "CallerReference": str(time.time_ns())}
    cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 when the pages are up, 1 where the stage is not deployed."""
    parser = argparse.ArgumentParser(prog="python -m infra.upload_pages", description=__doc__)
    parser.add_argument("--stage", choices=STAGES, required=True)
    parser.add_argument("--region", help="the one of your AWS profile, unless given")
    given = parser.parse_args(arguments)
    try:
        session: Any = boto3.session.Session(region_name=given.region)
        outputs = Stack(session.client("cloudformation"), full_name(given.stage, "stack"), print).outputs()
        number = upload(session.client("s3"), outputs["PagesBucket"])
        refresh(session.client("cloudfront"), outputs["SiteId"])
    except (PackagingError, BotoCoreError, ClientError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{number} files are at {outputs['PublicBaseUrl']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
