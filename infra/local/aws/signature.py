"""Whether a request carries a valid AWS Signature Version 4, in its headers or in its query (a presigned URL).

Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html and
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html, as botocore 1.43 implements them.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from urllib.parse import quote

from infra.local.aws.exchange import Refused, WireRequest

ALGORITHM = "AWS4-HMAC-SHA256"
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
CLOCK_SKEW = timedelta(minutes=15)
LONGEST_PRESIGN_S = 7 * 24 * 3600
QUERY_SIGNATURE = frozenset(
    f"x-amz-{name}"
    for name in (
        *("algorithm", "credential", "date", "expires", "signedheaders", "signature"),
        *("security-token", "content-sha256"),
    )
)
_SCOPE = r"(?P<key>[A-Z0-9]{16,32})/(?P<date>\d{8})/(?P<region>[a-z0-9-]+)/(?P<service>[a-z0-9-]+)/aws4_request"
_SIGNED = r"(?P<headers>[a-z0-9-]+(;[a-z0-9-]+)*)"
_HEX = r"(?P<signature>[0-9a-f]{64})"
_AUTHORIZATION = re.compile(rf"{ALGORITHM} Credential={_SCOPE}, ?SignedHeaders={_SIGNED}, ?Signature={_HEX}")
_CREDENTIAL = re.compile(_SCOPE)
_SIGNED_HEADERS = re.compile(_SIGNED)
_SIGNATURE = re.compile(_HEX)
_SECONDS = re.compile("[0-9]{1,6}")


@dataclass(frozen=True)
class Claim:
    """Who a request says it is from, for what, and since when; nothing of it is proven yet."""

    access_key_id: str
    scope_date: str
    region: str
    service: str
    signed_headers: tuple[str, ...]
    signature: str
    signed_at: datetime
    lifetime: timedelta | None

    @property
    def is_presigned(self) -> bool:
        """Whether the claim stands in the URL."""
        return self.lifetime is not None


def read_claim(request: WireRequest) -> Claim:
    """The claim that a request makes.

    Raises: Refused when there is none, two, or a malformed one.
    """
    in_query = QUERY_SIGNATURE & {name.lower() for name in request.query}
    if "authorization" in request.headers:
        if in_query:
            raise Refused("the request is signed both in a header and in the query")
        return _header_claim(request)
    if not in_query:
        raise Refused("the request is not signed; the embedded AWS answers only its own key")
    return _query_claim(request)


def check_claim(claim: Claim, access_key_id: str, region: str, now: datetime) -> None:
    """Returns when the claim names this account's key and region and its time has not passed.

    Raises: Refused.
    """
    if not hmac.compare_digest(claim.access_key_id, access_key_id):
        raise Refused("the access key is not the one of this embedded AWS")
    if claim.region != region:
        raise Refused(f"the request is signed for {claim.region}; only {region} is imitated")
    if claim.scope_date != f"{claim.signed_at:%Y%m%d}" or claim.signed_at > now + CLOCK_SKEW:
        raise Refused("the date of the signature is wrong")
    if now > claim.signed_at + (claim.lifetime or CLOCK_SKEW):
        raise Refused("the signature has expired")


def check_signature(claim: Claim, request: WireRequest, secret_access_key: str, body: bytes) -> None:
    """Returns when the signature was made with the secret for this very request and body.

    Raises: Refused.
    """
    _check_coverage(claim, request)
    payload = UNSIGNED_PAYLOAD if claim.is_presigned else _payload_hash(request, body)
    canonical = canonical_request(claim, request, payload)
    scope = f"{claim.scope_date}/{claim.region}/{claim.service}/aws4_request"
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"{ALGORITHM}\n{claim.signed_at:%Y%m%dT%H%M%SZ}\n{scope}\n{digest}"
    key = _signing_key(secret_access_key, claim.scope_date, claim.region, claim.service)
    if not hmac.compare_digest(_hmac(key, text).hex(), claim.signature):
        raise Refused("the signature does not match the request")


def canonical_request(claim: Claim, request: WireRequest, payload: str) -> str:
    """The canonical form of a request, of which the signature is made."""
    headers = "".join(f"{name}:{' '.join(request.headers[name].split())}\n" for name in claim.signed_headers)
    path, query = _canonical_path(claim, request), _canonical_query(request)
    return "\n".join((request.method, path, query, headers, ";".join(claim.signed_headers), payload))


def _header_claim(request: WireRequest) -> Claim:
    found = _AUTHORIZATION.fullmatch(request.headers["authorization"])
    if found is None:
        raise Refused("the Authorization header is not an AWS Signature Version 4")
    return _claim(found, found["headers"], found["signature"], request.headers.get("x-amz-date", ""), None)


def _query_claim(request: WireRequest) -> Claim:
    query = request.query
    found = _CREDENTIAL.fullmatch(query.get("X-Amz-Credential", ""))
    headers, signature = query.get("X-Amz-SignedHeaders", ""), query.get("X-Amz-Signature", "")
    seconds = query.get("X-Amz-Expires", "")
    is_complete = _SIGNED_HEADERS.fullmatch(headers) and _SIGNATURE.fullmatch(signature) and _SECONDS.fullmatch(seconds)
    if found is None or not is_complete or query.get("X-Amz-Algorithm") != ALGORITHM:
        raise Refused("the presigned URL is not complete")
    if not 1 <= int(seconds) <= LONGEST_PRESIGN_S:
        raise Refused("a presigned URL lives from one second to one week")
    return _claim(found, headers, signature, query.get("X-Amz-Date", ""), timedelta(seconds=int(seconds)))


def _claim(found: re.Match[str], headers: str, signature: str, date: str, lifetime: timedelta | None) -> Claim:
    try:
        signed_at = datetime.strptime(date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("X-Amz-Date is missing or malformed") from None
    names = tuple(headers.split(";"))
    return Claim(found["key"], found["date"], found["region"], found["service"], names, signature, signed_at, lifetime)


def _check_coverage(claim: Claim, request: WireRequest) -> None:
    signed = set(claim.signed_headers)
    if "host" not in signed or list(claim.signed_headers) != sorted(signed) or not signed <= request.headers.keys():
        raise Refused("the list of signed headers is wrong")
    required = {name for name in request.headers if name.startswith("x-amz-")}
    if not claim.is_presigned:
        required |= {"content-type", "content-encoding"} & request.headers.keys()
    if not required <= signed:
        raise Refused(f"not signed: {', '.join(sorted(required - signed))}")


def _payload_hash(request: WireRequest, body: bytes) -> str:
    digest = hashlib.sha256(body).hexdigest()
    declared = request.headers.get("x-amz-content-sha256", digest)
    if declared == UNSIGNED_PAYLOAD or declared.startswith("STREAMING-"):
        raise Refused("payloads must be signed whole; unsigned and chunk-signed ones are not accepted")
    if not hmac.compare_digest(declared.encode(), digest.encode()):
        raise Refused("the body is not the one that was signed")
    return digest


def _canonical_path(claim: Claim, request: WireRequest) -> str:
    if claim.service == "s3":
        return quote(request.path, safe="/-_.~")
    return quote(request.raw_path, safe="/-_.~")


def _canonical_query(request: WireRequest) -> str:
    pairs = ((name, value) for name, value in request.query.items() if name != "X-Amz-Signature")
    encoded = sorted((quote(name, safe="-_.~"), quote(value, safe="-_.~")) for name, value in pairs)
    return "&".join(f"{name}={value}" for name, value in encoded)


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


@lru_cache(maxsize=64)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        key = _hmac(key, part)
    return key
