"""What browsers may do with presigned URLs, and what holders of such URLs may not."""

from urllib.parse import urlsplit

import pytest

from tests.infra.local.aws.conftest import BROWSER, Client, Wire, refused

BUCKET, KEY = "presigned", "dir/recording.ogg"


@pytest.fixture(scope="module", autouse=True)
def recording(client: Client) -> None:
    """A bucket with one object, and CORS for one origin."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"sound", ContentType="audio/ogg")
    rule = {"AllowedOrigins": ["http://localhost:8000"], "AllowedMethods": ["GET", "PUT"], "AllowedHeaders": ["*"]}
    s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": [rule]})


def presigned_path(client: Client, method: str = "get_object", **parameters: object) -> str:
    """Path and query of a presigned URL."""
    url = client("s3").generate_presigned_url(method, Params={"Bucket": BUCKET, "Key": KEY, **parameters}, ExpiresIn=60)
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def test_a_presigned_url_works_for_a_page_of_an_allowed_origin(wire: Wire, client: Client) -> None:
    """The bucket's own CORS rules decide, as in AWS."""
    page = {**BROWSER, "Origin": "http://localhost:8000"}
    preflight = {**page, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
    path = presigned_path(client, "put_object", ContentType="audio/ogg")
    asked = wire.send("OPTIONS", path, preflight)
    assert (asked.status, asked.headers["access-control-allow-origin"]) == (200, "http://localhost:8000")
    put = wire.send("PUT", path, {**page, "Content-Type": "audio/ogg"}, b"new sound")
    assert (put.status, put.headers["access-control-allow-origin"]) == (200, "http://localhost:8000")
    got = wire.send("GET", presigned_path(client), page)
    assert (got.status, got.body) == (200, b"new sound")
    assert got.headers["access-control-allow-origin"] == "http://localhost:8000"


def test_other_origins_cannot_read_presigned_answers(wire: Wire, client: Client) -> None:
    """A link may be opened from anywhere, a foreign page may not read it."""
    path = presigned_path(client)
    assert "access-control-allow-origin" not in wire.send("GET", path, BROWSER).headers
    asked = wire.send("OPTIONS", path, {**BROWSER, "Access-Control-Request-Method": "GET"})
    assert (asked.status, "access-control-allow-origin" in asked.headers) == (403, False)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("X-Amz-Expires=60", "X-Amz-Expires=61"),
        ("X-Amz-Signature=", "X-Amz-Signature=0"),
        ("recording", "another"),
        ("&X-Amz-Date", "&X-Amz-Date=1&X-Amz-Date"),
        ("s3%2Faws4_request", "sqs%2Faws4_request"),
        ("AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256"),
    ],
)
def test_changed_presigned_urls_are_refused(wire: Wire, client: Client, old: str, new: str) -> None:
    """Nothing in them can be altered."""
    path = presigned_path(client)
    assert refused(wire.send("GET", path.replace(old, new, 1)))
    assert wire.send("GET", path).status == 200


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH"])
def test_a_presigned_url_serves_one_method(wire: Wire, client: Client, method: str) -> None:
    """A link to read is no link to write."""
    assert refused(wire.send(method, presigned_path(client), BROWSER, b"x"))


def test_presigned_uploads_cannot_become_copies(wire: Wire, client: Client) -> None:
    """The holder of an upload link must not read other objects through it."""
    path = presigned_path(client, "put_object", Key="upload")
    assert refused(wire.send("PUT", path, {"x-amz-copy-source": f"/{BUCKET}/{KEY}"}), "not signed")


@pytest.mark.parametrize("method", ["delete_object", "list_parts", "create_multipart_upload"])
def test_only_plain_object_methods_may_be_presigned(wire: Wire, client: Client, method: str) -> None:
    """Presigned deletions and POSTs are not needed."""
    more = {"UploadId": "u"} if method == "list_parts" else {}
    verb = {"delete_object": "DELETE", "list_parts": "GET", "create_multipart_upload": "POST"}[method]
    reply = wire.send(verb, presigned_path(client, method, **more))
    assert refused(reply) or verb == "GET"
    assert reply.status in (403, 404)
