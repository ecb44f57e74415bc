"""Keyed digests: how people are found without their address standing in a key, and how our own tokens are signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

from shared.errors import InvalidPayload
from shared.secrets import secret

LOOKUP = "keys/lookup"
SIGNING = "keys/signing"
_TAG_BYTES = 16


def lookup_key(kind: str, value: str) -> str:
    """What stands in a key for a person's address: the same for the same address, and no way back.

    Shape: 32 hexadecimal digits.
    """
    message = f"{kind}\0{value}".encode()
    return hmac.new(secret(LOOKUP).encode(), message, hashlib.sha256).hexdigest()[:32]


def seal(purpose: str, content: dict[str, Any]) -> str:
    """A token that carries `content` in plain sight and cannot be made up.

    Shape: characters that are safe in a URL.
    """
    body = json.dumps(content, separators=(",", ":"), sort_keys=True).encode()
    return _text(_tag(purpose, body) + body)


def unseal(purpose: str, token: str) -> dict[str, Any]:
    """What `seal` put into a token.

    Raises: InvalidPayload where the token was not made here for this purpose.
    """
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except ValueError:
        raise InvalidPayload("This token was not made here") from None
    tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
    if _text(raw) != token or not hmac.compare_digest(tag, _tag(purpose, body)):
        raise InvalidPayload("This token was not made here")
    content: dict[str, Any] = json.loads(body)
    return content


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _tag(purpose: str, body: bytes) -> bytes:
    return hmac.new(secret(SIGNING).encode(), purpose.encode() + b"\0" + body, hashlib.sha256).digest()[:_TAG_BYTES]
