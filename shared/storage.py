"""Files in S3."""

from __future__ import annotations

from botocore.exceptions import ClientError

from shared import aws
from shared.errors import NotFound, PayloadTooLarge
from shared.settings import bucket_name


def read(bucket: str, key: str, max_bytes: int) -> bytes:
    """The bytes of a file.

    Raises: NotFound, PayloadTooLarge over `max_bytes`.
    """
    with aws.translated():
        try:
            answer = aws.client("s3").get_object(Bucket=bucket_name(bucket), Key=key)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "NoSuchKey":
                raise NotFound("This file is gone.") from None
            raise
        if answer["ContentLength"] > max_bytes:
            raise PayloadTooLarge("The file is over {limit} bytes.", values={"limit": max_bytes})
        return answer["Body"].read()


def write(bucket: str, key: str, content: bytes, content_type: str) -> None:
    """Stores a file whole."""
    with aws.translated():
        aws.client("s3").put_object(Bucket=bucket_name(bucket), Key=key, Body=content, ContentType=content_type)


def delete(bucket: str, key: str) -> None:
    """Takes a file away; one that is gone already is no error."""
    with aws.translated():
        aws.client("s3").delete_object(Bucket=bucket_name(bucket), Key=key)
