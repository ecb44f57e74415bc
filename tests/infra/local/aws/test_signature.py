"""The signature check agrees with botocore on what is signed, and refuses everything else."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import given
from hypothesis import strategies as st

from infra.local.aws.exchange import Refused, WireRequest
from infra.local.aws.signature import check_claim, check_signature, read_claim

KEY_ID, SECRET, REGION, HOST = "LOCAL0123456789ABCDEF", "very-secret", "eu-central-1", "127.0.0.1:4566"
KEY = Credentials(KEY_ID, SECRET)
names = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=30)
keys = names.filter(lambda name: not {".", ".."} & set(name.split("/")))
queries = st.dictionaries(names.filter(lambda name: not name.lower().startswith("x-amz-")), names, max_size=4)


def wire_request(request: AWSRequest) -> WireRequest:
    """The request as it would arrive."""
    parts = urlsplit(str(request.url))
    headers = {name.lower(): str(value) for name, value in request.headers.items()} | {"host": HOST}
    return WireRequest(str(request.method), parts.path, parts.query, headers)


def signed(
    service: str, body: bytes = b"", key: str = "b/k", query: dict[str, str] | None = None, **headers: str
) -> WireRequest:
    """A request signed in its headers by botocore."""
    text = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in (query or {}).items())
    url = f"http://{HOST}/{quote(key, safe='/~')}{'?' if text else ''}{text}"
    request = AWSRequest("PUT", url, {name.replace("_", "-"): value for name, value in headers.items()}, body)
    signer = S3SigV4Auth if service == "s3" else SigV4Auth
    signer(KEY, service, REGION).add_auth(request)
    return wire_request(request)


def presigned(service: str = "s3", method: str = "PUT", key: str = "b/k", expires_s: int = 60) -> WireRequest:
    """A request signed in its query by botocore."""
    request = AWSRequest(method, f"http://{HOST}/{quote(key, safe='/~')}")
    signer = S3SigV4QueryAuth if service == "s3" else SigV4QueryAuth
    signer(KEY, service, REGION, expires=expires_s).add_auth(request)
    return wire_request(request)


def check(request: WireRequest, body: bytes = b"", secret: str = SECRET, now: datetime | None = None) -> None:
    """Every check of this module, one after the other."""
    claim = read_claim(request)
    check_claim(claim, KEY_ID, REGION, now or datetime.now(UTC))
    check_signature(claim, request, secret, body)


@given(key=keys, query=queries, body=st.binary(max_size=40), service=st.sampled_from(["s3", "dynamodb"]))
def test_accepts_whatever_botocore_signs(key: str, query: dict[str, str], body: bytes, service: str) -> None:
    """Names of any letters, in the path and in the query."""
    path = key if service == "s3" else key.replace("/", "-")
    check(signed(service, body, path, query, x_amz_target="A.B", content_type="x/y"), body)


@given(key=keys)
def test_accepts_whatever_botocore_presigns(key: str) -> None:
    """The key of an object may be written in any script."""
    check(presigned(key=key))


def altered(request: WireRequest) -> list[WireRequest]:
    """The request with one thing changed at a time."""
    headers = dict(request.headers)
    return [
        replace(request, method="GET"),
        replace(request, raw_path=request.raw_path + "2"),
        replace(request, raw_query=request.raw_query + "&versionId=1"),
        replace(request, headers=headers | {"host": "127.0.0.1:1"}),
        replace(request, headers=headers | {"x-amz-copy-source": "/other/secret"}),
    ]


@pytest.mark.parametrize("index", range(5))
@pytest.mark.parametrize("request_", [signed("s3"), presigned()], ids=["header", "query"])
def test_refuses_any_change(request_: WireRequest, index: int) -> None:
    """A header that is not signed could make a copy out of an upload."""
    with pytest.raises(Refused):
        check(altered(request_)[index])


@pytest.mark.parametrize("service", ["s3", "sqs"])
def test_refuses_another_body_or_secret(service: str) -> None:
    """The body is part of what is signed."""
    request = signed(service, b"one")
    with pytest.raises(Refused):
        check(request, b"two")
    with pytest.raises(Refused):
        check(request, b"one", secret="guessed")


@pytest.mark.parametrize("payload", ["UNSIGNED-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "é"])
def test_refuses_payloads_that_are_not_signed_whole(payload: str) -> None:
    """Over plain HTTP botocore never sends them."""
    request = signed("s3", b"x", X_Amz_Content_SHA256="0" * 64)
    with pytest.raises(Refused):
        check(replace(request, headers={**request.headers, "x-amz-content-sha256": payload}), b"x")


@given(st.integers(-3000, 3000))
def test_header_signatures_live_fifteen_minutes(seconds: int) -> None:
    """The skew is allowed both ways."""
    request = signed("sqs")
    claim = read_claim(request)
    now = claim.signed_at + timedelta(seconds=seconds)
    if abs(seconds) <= 900 and f"{claim.signed_at:%Y%m%d}" == claim.scope_date:
        check(request, now=now)
    else:
        with pytest.raises(Refused):
            check(request, now=now)


def test_presigned_urls_live_as_long_as_they_say() -> None:
    """One second more is too late."""
    request = presigned(expires_s=3600)
    signed_at = read_claim(request).signed_at
    check(request, now=signed_at + timedelta(seconds=3600))
    with pytest.raises(Refused, match="expired"):
        check(request, now=signed_at + timedelta(seconds=3601))


@pytest.mark.parametrize("seconds", ["0", "604801", "-1", "x", "9999999", "１"])
def test_presigned_urls_live_at_most_a_week(seconds: str) -> None:
    """Whatever the URL says."""
    request = presigned()
    query = request.raw_query.replace("X-Amz-Expires=60", f"X-Amz-Expires={quote(seconds)}")
    with pytest.raises(Refused):
        read_claim(replace(request, raw_query=query))


@pytest.mark.parametrize(
    "query",
    ["", "X-Amz-Signature=1", f"X-Amz-Signature={'0' * 64}", "X-Amz-Algorithm=AWS4-HMAC-SHA256", "x-amz-credential=a"],
)
def test_refuses_incomplete_presigned_urls(query: str) -> None:
    """No signature, or parts of one."""
    with pytest.raises(Refused):
        read_claim(WireRequest("GET", "/b/k", query, {"host": HOST}))


@pytest.mark.parametrize(
    "authorization",
    ["", "AWS4-HMAC-SHA256", "AWS a:b", "Bearer x", "AWS4-ECDSA-P256-SHA256 Credential=a/b/c/aws4_request"],
)
def test_refuses_other_authorizations(authorization: str) -> None:
    """Signature Version 2 and 4a, tokens and nothing at all."""
    with pytest.raises(Refused):
        read_claim(WireRequest("GET", "/", "", {"host": HOST, "authorization": authorization}))


def test_refuses_two_signatures() -> None:
    """It would be unclear which one counts."""
    request = signed("s3")
    with pytest.raises(Refused, match="both"):
        read_claim(replace(request, raw_query=presigned().raw_query))


@pytest.mark.parametrize(("old", "new"), [(KEY_ID, "LOCAL0123456789ABCDE0"), (REGION, "us-east-1")])
def test_refuses_another_key_or_region(old: str, new: str) -> None:
    """The scope must name this account's key and region."""
    request = signed("sqs")
    authorization = request.headers["authorization"].replace(old, new)
    with pytest.raises(Refused):
        check(replace(request, headers={**request.headers, "authorization": authorization}))


@pytest.mark.parametrize("dropped", ["host;", ";x-amz-date", "content-type;"])
def test_refuses_headers_left_out_of_the_signature(dropped: str) -> None:
    """What changes the meaning of a call must be signed."""
    request = signed("sqs", content_type="x/y")
    authorization = request.headers["authorization"].replace(dropped, "", 1)
    with pytest.raises(Refused, match="signed"):
        check(replace(request, headers={**request.headers, "authorization": authorization}))


def test_a_presigned_upload_may_name_its_own_content_type() -> None:
    """Browsers always send one; a header-signed request must sign it."""
    check(replace(presigned(), headers={"host": HOST, "content-type": "audio/ogg"}))
    with pytest.raises(Refused, match="not signed: content-type"):
        check(replace(signed("s3"), headers={**signed("s3").headers, "content-type": "audio/ogg"}))
