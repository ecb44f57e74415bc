"""The keys that sign access tokens: private ones for those who issue, public ones (a JWKS) for those who check.

Both lists are parameters of SSM. A new key stands in the public list for ten minutes before it signs, twice as long as
any process keeps the list; a key is dropped when its successor has been signing for longer than a token lives.
"""

from __future__ import annotations

import base64
import json
import secrets as random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared import aws, secrets
from shared.clock import now

PRIVATE, PUBLIC = "keys/access", "jwks/access"
RIPE_AFTER = timedelta(minutes=10)
SIGNS_FOR = timedelta(days=30)
DROPPED_AFTER = timedelta(hours=1)
KID_BYTES = 12
Name = Callable[[str], str]


@dataclass(frozen=True)
class SigningKey:
    """An Ed25519 key; `private` is its seed as base64url."""

    kid: str
    created: datetime
    private: str

    def unlocked(self) -> Ed25519PrivateKey:
        """The key, ready to sign."""
        return Ed25519PrivateKey.from_private_bytes(_bytes(self.private))


def new_key(moment: datetime) -> SigningKey:
    """A fresh key."""
    return SigningKey(random.token_urlsafe(KID_BYTES), moment, _text(Ed25519PrivateKey.generate().private_bytes_raw()))


def chosen(keys: Sequence[SigningKey], moment: datetime) -> SigningKey:
    """The key that signs now: the newest that everybody knows by now, else the oldest."""
    ripe = [key for key in keys if moment - key.created >= RIPE_AFTER]
    return max(ripe, key=_created) if ripe else min(keys, key=_created)


def rotated(keys: Sequence[SigningKey], fresh: SigningKey) -> tuple[SigningKey, ...]:
    """The keys to keep at the moment when `fresh` was made, which joins them where the newest has signed long enough.

    Shape: in order of age; the same keys where nothing is to do.
    """
    moment, ordered = fresh.created, sorted(keys, key=_created)
    is_due = moment - ordered[-1].created > SIGNS_FOR
    successors = [*ordered[1:], fresh]
    kept = [
        key
        for key, successor in zip(ordered, successors, strict=True)
        if successor is fresh or moment - successor.created <= DROPPED_AFTER
    ]
    return (*kept, fresh) if is_due else tuple(kept)


def signing_key() -> SigningKey:
    """The key that signs now.

    Raises: SettingsInvalid where no key was ever made.
    """
    return chosen(_private_keys(secrets.secret(PRIVATE)), now())


def public_key(kid: str) -> Ed25519PublicKey | None:
    """The key that checks what the key of that id has signed; None where there is no such key (any more)."""
    return _public_keys(secrets.secret(PUBLIC)).get(kid)


def rotate() -> bool:
    """Whether the lists of keys were changed; to be asked every day.

    Shape: the private list is the truth and is written last, so that after a crash the next run begins anew.
    """
    ssm = aws.client("ssm")
    with aws.translated():
        stored = _read(ssm, secrets.path(PRIVATE))
        keys = _private_keys(stored)
        kept = rotated(keys, new_key(now()))
        is_changed = kept != keys
        if is_changed or _public_document(keys) != _read(ssm, secrets.path(PUBLIC)):
            _write(ssm, secrets.path, kept)
    secrets.forget()
    return is_changed


def make_first_keys(ssm: Any, name: Name = secrets.path) -> list[str]:
    """The full names of the lists that were made; what stands is left alone.

    Shape: `name` gives a parameter's full name, as another stage's deployment has it.
    """
    private, public = (_found(ssm, name(each)) for each in (PRIVATE, PUBLIC))
    if private and public:
        return []
    _write(ssm, name, _private_keys(private) if private else (new_key(now()),))
    return [name(PUBLIC)] if private else [name(PUBLIC), name(PRIVATE)]


def public_jwk(kid: str, created: datetime, public: bytes) -> dict[str, str]:
    """A public key as a JWK.

    Source: RFC 8037, section 2 (read 2026-11-20).
    """
    told = {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig"}
    return {**told, "kid": kid, "created": created.isoformat(), "x": _text(public)}


@lru_cache(maxsize=1)
def _private_keys(document: str) -> tuple[SigningKey, ...]:
    found = json.loads(document)["keys"]
    return tuple(SigningKey(key["kid"], datetime.fromisoformat(key["created"]), key["private"]) for key in found)


@lru_cache(maxsize=1)
def _public_keys(document: str) -> dict[str, Ed25519PublicKey]:
    return {key["kid"]: Ed25519PublicKey.from_public_bytes(_bytes(key["x"])) for key in json.loads(document)["keys"]}


def _write(ssm: Any, name: Name, keys: Iterable[SigningKey]) -> None:
    ordered = tuple(keys)
    private = [{"kid": key.kid, "created": key.created.isoformat(), "private": key.private} for key in ordered]
    _put(ssm, name(PUBLIC), _public_document(ordered))
    _put(ssm, name(PRIVATE), json.dumps({"keys": private}, separators=(",", ":")))


def _public_document(keys: Iterable[SigningKey]) -> str:
    public = [public_jwk(key.kid, key.created, key.unlocked().public_key().public_bytes_raw()) for key in keys]
    return json.dumps({"keys": public}, separators=(",", ":"))


def _put(ssm: Any, name: str, value: str) -> None:
    ssm.put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)


def _read(ssm: Any, name: str) -> str:
    return str(ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]["Value"])


def _found(ssm: Any, name: str) -> str:
    """A parameter's value; empty where there is none."""
    found = ssm.get_parameters(Names=[name], WithDecryption=True)["Parameters"]
    return str(found[0]["Value"]) if found else ""


def _created(key: SigningKey) -> datetime:
    return key.created


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
