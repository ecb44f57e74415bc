"""Texts sealed with a given key, by AES-256 in Galois/Counter Mode: unreadable and unchangeable without the key.

Source: NIST SP 800-38D, section 8.3: a key seals at most 2^32 texts with random nonces (read 2026-11-20).
"""

from __future__ import annotations

import base64
import re
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.errors import SvyazError

VERSION: Final = "v1"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_FORM = re.compile(r"v1\.(dky_[0-9a-f]{32})\.([A-Za-z0-9_-]+)")


class Unreadable(SvyazError):
    """What we have sealed cannot be opened: it was changed, moved to another place, or its key is gone (500)."""

    title = "Unreadable data"


def seal(key: bytes, key_id: str, plain: str, context: str) -> str:
    """A text that only this key opens, in the same context only.

    Shape: `v1.<key id>.<nonce and ciphertext in URL-safe Base64>`; what stands there has the length of `plain` in
    UTF-8 and 28 bytes more.
    """
    nonce = secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, plain.encode(), context.encode())
    return f"{VERSION}.{key_id}.{base64.urlsafe_b64encode(sealed).rstrip(b'=').decode()}"


def unseal(key: bytes, sealed: str, context: str) -> str:
    """The text that was sealed in this context.

    Raises: Unreadable.
    """
    text = _parts(sealed)[1]
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if base64.urlsafe_b64encode(raw).rstrip(b"=").decode() != text:
        raise Unreadable("This is not what was sealed.")
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], context.encode()).decode()
    except (InvalidTag, ValueError):
        raise Unreadable("This is not what was sealed.") from None


def key_id_of(sealed: str) -> str:
    """The id of the key that opens a text.

    Raises: Unreadable where this is no sealed text.
    """
    return _parts(sealed)[0]


def _parts(sealed: str) -> tuple[str, str]:
    found = _FORM.fullmatch(sealed)
    if found is None or len(found[2]) % 4 == 1:
        raise Unreadable("This is no sealed text.")
    return found[1], found[2]
