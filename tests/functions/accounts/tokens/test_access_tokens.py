"""Access tokens: what is genuine says who asks; whatever else is refused with the same words."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest
from hypothesis import given

from functions.accounts.tokens import access_tokens, keyring
from functions.accounts.tokens.access_tokens import LIFE
from functions.accounts.tokens.keyring import new_key
from shared.errors import Unauthorized
from shared.identity import Caller
from tests.support.clock import START, Clock, stopped
from tests.support.hostile import texts

CALLER = Caller("user", "usr_1", "org_1", ("master", "support"), session_id="ses_1")
MS = timedelta(milliseconds=1)


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that stands still."""
    return stopped(monkeypatch)


def token(**change: Any) -> str:
    """A genuine token, made now, in which some claims are otherwise (or missing, where they are None)."""
    return forged(keyring.signing_key().unlocked(), change)


def forged(key: Any, change: dict[str, Any], algorithm: str = "EdDSA", **header: Any) -> str:
    """A token of any key."""
    genuine = jwt.decode(access_tokens.issue(CALLER, ["password"], START), options={"verify_signature": False})
    claims = {name: value for name, value in {**genuine, **change}.items() if value is not None}
    headers = {"kid": keyring.signing_key().kid, "typ": "at+jwt", **header}
    return jwt.encode(claims, key, algorithm=algorithm, headers=headers)


def part(content: Any) -> str:
    """One part of a JWT."""
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def check_refused(text: str) -> None:
    """Passes where it is refused as all are."""
    with pytest.raises(Unauthorized) as raised:
        access_tokens.read(text, START)
    assert (str(raised.value), raised.value.extra) == ("Sign in to use this.", {})


# what a genuine one says


@pytest.mark.parametrize(
    "caller",
    [
        CALLER,
        Caller("user", "usr_2", session_id="ses_2"),
        Caller("user", "usr_3", "org_3", (), session_id="ses_3", needs_second_factor=True),
        Caller("user", "usr_4", "org_4", ("client",), session_id="ses_4", is_test=True),
    ],
)
def test_it_says_who_asks(caller: Caller) -> None:
    """PLAT-31."""
    signed = access_tokens.read(access_tokens.issue(caller, ["password"], START), START)
    assert (signed.caller, signed.as_of) == (caller, START)


def test_its_form_is_the_one_that_was_agreed() -> None:
    issued = access_tokens.issue(CALLER, ["password", "totp"], START + timedelta(microseconds=1999))
    header = jwt.get_unverified_header(issued)
    claims = jwt.decode(issued, options={"verify_signature": False})
    assert header == {"alg": "EdDSA", "kid": keyring.signing_key().kid, "typ": "at+jwt"}
    assert claims["iat"] == claims["nbf"] == (START + MS).timestamp()
    assert claims["exp"] - claims["iat"] == 600
    assert (claims["iss"], claims["aud"], claims["amr"]) == ("http://127.0.0.1:8000", "svyaz", ["password", "totp"])
    assert (claims["sub"], claims["sid"], claims["org"]) == ("usr_1", "ses_1", "org_1")


def test_its_roles_may_hold_as_of_later_than_it_was_issued() -> None:
    later = START + timedelta(seconds=15, milliseconds=123)
    assert access_tokens.read(access_tokens.issue(CALLER, [], START, later), START).as_of == later
    assert access_tokens.read(access_tokens.issue(CALLER, [], START, START - LIFE), START).as_of == START


def test_it_names_what_may_be_revoked() -> None:
    signed = access_tokens.read(access_tokens.issue(CALLER, [], START), START)
    assert signed.revocable == ("ses_1", access_tokens.membership("org_1", "usr_1"))


@pytest.mark.parametrize(
    ("age", "is_good"),
    [
        (timedelta(seconds=-6), False),
        (timedelta(seconds=-5), True),
        (timedelta(0), True),
        (LIFE, True),
        (LIFE + timedelta(seconds=5) - MS, True),
        (LIFE + timedelta(seconds=5), False),
        (timedelta(days=400), False),
    ],
)
def test_it_holds_for_ten_minutes(age: timedelta, *, is_good: bool) -> None:
    issued = access_tokens.issue(CALLER, [], START)
    if is_good:
        assert access_tokens.read(issued, START + age).caller == CALLER
    else:
        with pytest.raises(Unauthorized):
            access_tokens.read(issued, START + age)


# what is refused


@pytest.mark.parametrize(
    "change",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"aud": "another"},
        {"aud": None},
        {"aud": ["another", "third"]},
        {"sub": None},
        {"sub": 7},
        {"sid": None},
        {"org": None},
        {"roles": None},
        {"roles": 7},
        {"iat": None},
        {"nbf": None},
        {"exp": None},
        {"exp": "never"},
        {"as_of": None},
        {"as_of": "then"},
        {"amr": None},
        {"test": None},
        {"nbf": START.timestamp() + 60},
        {"iat": START.timestamp() + 60},
        {"exp": START.timestamp() - 60},
    ],
)
def test_one_with_a_wrong_claim_is_refused_though_we_signed_it(change: dict[str, Any]) -> None:
    access_tokens.read(token(), START)
    check_refused(token(**change))


@pytest.mark.parametrize("header", [{"typ": "JWT"}, {"typ": None}, {"kid": "unknown"}, {"kid": ""}, {"crit": ["x"]}])
def test_one_with_a_wrong_header_is_refused(header: dict[str, Any]) -> None:
    check_refused(forged(keyring.signing_key().unlocked(), {}, **header))


def test_one_of_another_key_is_refused() -> None:
    check_refused(forged(new_key(START).unlocked(), {}))


def test_the_public_key_is_no_shared_secret() -> None:
    """RFC 8725, 2.1: HS256 with the public key as its secret, in each form that an attacker could think of."""
    public = keyring.signing_key().unlocked().public_key()
    header, claims = part({"alg": "HS256", "typ": "at+jwt", "kid": keyring.signing_key().kid}), token().split(".")[1]
    for secret in (public.public_bytes_raw(), part(public.public_bytes_raw()).encode()):
        tag = hmac.new(secret, f"{header}.{claims}".encode(), hashlib.sha256).digest()
        check_refused(f"{header}.{claims}.{part(tag)}")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, "HS256", "ES256", "RS256", 7, []])
@pytest.mark.parametrize("signature", ["", "genuine", "AA"])
def test_another_algorithm_is_refused(algorithm: Any, signature: str) -> None:
    _, claims, genuine = token().split(".")
    header = part({"alg": algorithm, "typ": "at+jwt", "kid": keyring.signing_key().kid})
    check_refused(f"{header}.{claims}.{genuine if signature == 'genuine' else signature}")


def _swapped(text: str) -> str:
    header, claims, signature = text.split(".")
    changed = json.loads(base64.urlsafe_b64decode(claims + "==")) | {"roles": ["administrator"]}
    return f"{header}.{part(changed)}.{signature}"


@pytest.mark.parametrize(
    "change",
    [
        _swapped,
        lambda text: text[:-4] + ("AAAA" if text[-4:] != "AAAA" else "BBBB"),
        lambda text: text + "A",
        lambda text: text + ".",
        lambda text: "." + text,
        lambda text: text.rpartition(".")[0],
        lambda text: text.rpartition(".")[0] + ".",
        lambda text: text + "\n",
        lambda text: text + "=",
        lambda text: " " + text,
        lambda text: text.replace(".", ".."),
        lambda text: text.upper(),
    ],
)
def test_a_changed_one_is_refused(change: Callable[[str], str]) -> None:
    check_refused(change(token()))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "я.я.я",
        "\ud800.a.b",
        "\0.\0.\0",
        "a" * 5_000_000,
        ".".join(["a" * 2000] * 3),
        f"{part(b'[' * 1500)}.{part(b'{}')}.AA",
        f"{part(b'{' * 900)}.{part(b'{}')}.AA",
        f"{part([])}.{part({})}.AA",
        f"{part('text')}.{part({})}.AA",
        f"{part({'alg': 'EdDSA', 'kid': {'a': 1}})}.{part({})}.AA",
        f"{part({'alg': 'EdDSA', 'kid': 'k' * 2000})}.{part({})}.AA",
    ],
)
def test_hostile_texts_are_refused(text: str) -> None:
    check_refused(text)


@pytest.mark.parametrize("claims", [b"[" * 1200, b"[]", b"null", b"7", b'"a"', b"\xff", b"", b"{}", b'{"exp":1e999}'])
def test_hostile_claims_are_refused_though_we_signed_them(claims: bytes) -> None:
    key = keyring.signing_key()
    signed = f"{part({'alg': 'EdDSA', 'typ': 'at+jwt', 'kid': key.kid})}.{part(claims)}"
    check_refused(f"{signed}.{part(key.unlocked().sign(signed.encode()))}")


def test_one_over_4_kilobytes_is_refused_though_we_signed_it() -> None:
    short, long = token(org="o" * 1000), token(org="o" * 3000)
    assert len(short) < 4096 < len(long)
    access_tokens.read(short, START)
    check_refused(long)


@given(text=texts(300))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(Unauthorized):
        access_tokens.read(text, START)
