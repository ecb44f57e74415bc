"""What `shared/storage` relies on in S3."""

import io
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.infra.local.aws.conftest import Client

BUCKET = "storage"


@pytest.fixture(scope="module")
def s3(client: Client) -> Any:
    """A client, and a bucket."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    return s3


@pytest.mark.parametrize(
    "key", ["a", "папка/имя файла.ogg", "a b+c&d=e?f#g%20~(1)'!*;:@,$", "x//y/", ".hidden", "a.meta.json"]
)
def test_keys_of_all_kinds_are_kept(s3: Any, key: str) -> None:
    """With type and metadata."""
    s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode(), ContentType="audio/ogg", Metadata={"call": "c_1"})
    found = s3.get_object(Bucket=BUCKET, Key=key)
    assert (found["Body"].read(), found["ContentType"], found["Metadata"]) == (
        key.encode(),
        "audio/ogg",
        {"call": "c_1"},
    )
    assert key in [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]


def test_large_files_go_up_in_parts(s3: Any) -> None:
    """As boto3 sends them by itself."""
    body = bytes(range(256)) * 40_000
    s3.upload_fileobj(io.BytesIO(body), BUCKET, "large")
    assert s3.head_object(Bucket=BUCKET, Key="large")["ETag"].endswith('-2"')
    target = io.BytesIO()
    s3.download_fileobj(BUCKET, "large", target)
    assert target.getvalue() == body


def test_parts_of_objects_can_be_read(s3: Any) -> None:
    """A player seeks in a recording."""
    s3.put_object(Bucket=BUCKET, Key="range", Body=b"0123456789")
    found = s3.get_object(Bucket=BUCKET, Key="range", Range="bytes=2-4")
    assert (found["Body"].read(), found["ContentRange"]) == (b"234", "bytes 2-4/10")


def test_an_object_is_not_overwritten_when_told_so(s3: Any) -> None:
    """If-None-Match."""
    s3.put_object(Bucket=BUCKET, Key="once", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError) as refused:
        s3.put_object(Bucket=BUCKET, Key="once", Body=b"2", IfNoneMatch="*")
    assert refused.value.response["Error"]["Code"] == "PreconditionFailed"


def test_missing_objects_are_told(s3: Any) -> None:
    """By GET with a code, by HEAD with a status."""
    with pytest.raises(ClientError) as missing:
        s3.get_object(Bucket=BUCKET, Key="none")
    assert missing.value.response["Error"]["Code"] == "NoSuchKey"
    with pytest.raises(ClientError) as unseen:
        s3.head_object(Bucket=BUCKET, Key="none")
    assert unseen.value.response["Error"]["Code"] == "404"


def test_presigned_urls_work_without_a_client(s3: Any) -> None:
    """Up with a fixed type, down with a file name."""
    up = s3.generate_presigned_url("put_object", {"Bucket": BUCKET, "Key": "signed ж", "ContentType": "audio/ogg"}, 60)
    assert httpx.put(up, content=b"sound", headers={"Content-Type": "audio/ogg"}).status_code == 200
    name = 'attachment; filename="call.ogg"'
    down = s3.generate_presigned_url(
        "get_object", {"Bucket": BUCKET, "Key": "signed ж", "ResponseContentDisposition": name}, 60
    )
    answer = httpx.get(down)
    assert (answer.content, answer.headers["Content-Type"]) == (b"sound", "audio/ogg")
    assert answer.headers["Content-Disposition"] == name


def test_objects_are_copied_and_deleted(s3: Any) -> None:
    """By header-signed calls only."""
    s3.put_object(Bucket=BUCKET, Key="from ж", Body=b"x", Metadata={"a": "b"})
    s3.copy_object(Bucket=BUCKET, Key="to", CopySource={"Bucket": BUCKET, "Key": "from ж"})
    assert s3.head_object(Bucket=BUCKET, Key="to")["Metadata"] == {"a": "b"}
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "from ж"}, {"Key": "to"}]})
    assert "Contents" not in s3.list_objects_v2(Bucket=BUCKET, Prefix="to")
