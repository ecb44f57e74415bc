"""Signing keys: which one signs, when a new one comes, and that a crash between the two lists does no harm."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from hypothesis import given
from hypothesis import strategies as st

from functions.accounts import jobs
from functions.accounts.tokens import keyring
from functions.accounts.tokens.keyring import SigningKey, chosen, new_key, rotated
from shared import aws, secrets
from shared.errors import SettingsInvalid
from tests.support.aws_calls import refusing
from tests.support.clock import START, Clock, stopped

NAMES = (keyring.PRIVATE, keyring.PUBLIC)


def key(age: timedelta, kid: str = "k") -> SigningKey:
    """A key that was made so long before `START`."""
    return SigningKey(kid, START - age, "")


def aged(*ages: timedelta) -> tuple[SigningKey, ...]:
    """Keys by their ages, named by their places."""
    return tuple(key(age, str(at)) for at, age in enumerate(ages))


DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


# which one signs


@pytest.mark.parametrize(
    ("ages", "signs"),
    [
        ([0 * DAY], "0"),
        ([30 * DAY, 9 * MINUTE], "0"),
        ([30 * DAY, 10 * MINUTE], "1"),
        ([60 * DAY, 30 * DAY, 1 * MINUTE], "1"),
        ([2 * MINUTE, 1 * MINUTE], "0"),
        ([-5 * MINUTE], "0"),
    ],
)
def test_the_newest_that_everybody_knows_signs(ages: list[timedelta], signs: str) -> None:
    assert chosen(aged(*ages), START).kid == signs
    assert chosen(aged(*ages)[::-1], START).kid == signs


# when a new one comes


def kept(*ages: timedelta) -> list[str]:
    """What is left of keys of these ages, where a new one is called `new`."""
    return [each.kid for each in rotated(aged(*ages), key(0 * DAY, "new"))]


def test_a_key_signs_for_a_month() -> None:
    assert kept(30 * DAY) == ["0"]
    assert kept(30 * DAY + MINUTE) == ["0", "new"]


def test_a_key_goes_when_its_successor_has_been_signing_for_longer_than_tokens_live() -> None:
    assert kept(31 * DAY, 60 * MINUTE) == ["0", "1"]
    assert kept(31 * DAY, 61 * MINUTE) == ["1"]
    assert kept(62 * DAY, 31 * DAY) == ["1", "new"]


@given(st.lists(st.timedeltas(timedelta(0), timedelta(days=100)), min_size=1, max_size=5, unique=True))
def test_whoever_signed_within_a_tokens_life_is_still_known_after_a_rotation(ages: list[timedelta]) -> None:
    keys = aged(*ages)
    after = rotated(keys, key(0 * DAY, "new"))
    assert chosen(after, START) == chosen(keys, START)
    for ago in (timedelta(0), 5 * MINUTE, 9 * MINUTE):
        stood = [each for each in keys if each.created <= START - ago]
        if stood:
            assert chosen(stood, START - ago) in after


# the two lists


@pytest.fixture
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """A clock that stands still; the keys are put back as they were."""
    before = {name: stored(name) for name in NAMES}
    yield stopped(monkeypatch)
    for name, value in before.items():
        store(name, value)


def stored(name: str) -> str:
    """What a parameter holds."""
    return str(aws.client("ssm").get_parameter(Name=secrets.path(name), WithDecryption=True)["Parameter"]["Value"])


def store(name: str, value: str) -> None:
    """Puts a value into a parameter."""
    aws.client("ssm").put_parameter(Name=secrets.path(name), Value=value, Type="SecureString", Overwrite=True)
    secrets.forget()


def drop(*names: str) -> None:
    """Takes parameters away."""
    aws.client("ssm").delete_parameters(Names=[secrets.path(name) for name in names])
    secrets.forget()


def kids(name: str) -> list[str]:
    """The keys in a list."""
    return [each["kid"] for each in json.loads(stored(name))["keys"]]


def begin(clock: Clock) -> str:
    """The first pair, made now: its id."""
    drop(*NAMES)
    keyring.make_first_keys(aws.client("ssm"))
    return kids(keyring.PRIVATE)[0]


def is_checked_by(signer: SigningKey) -> bool:
    """Whether the public list holds the other half of a key."""
    public = keyring.public_key(signer.kid)
    if public is None:
        return False
    try:
        public.verify(signer.unlocked().sign(b"text"), b"text")
    except InvalidSignature:
        return False
    return True


def test_the_first_pair_signs_at_once(clock: Clock) -> None:
    first = begin(clock)
    assert keyring.signing_key().kid == first
    assert is_checked_by(keyring.signing_key())


def test_what_stands_is_left_alone(clock: Clock) -> None:
    begin(clock)
    before = [stored(name) for name in NAMES]
    assert keyring.make_first_keys(aws.client("ssm")) == []
    assert [stored(name) for name in NAMES] == before


def test_a_public_list_that_is_missing_is_made_of_the_private_one(clock: Clock) -> None:
    first = begin(clock)
    drop(keyring.PUBLIC)
    assert keyring.make_first_keys(aws.client("ssm")) == [secrets.path(keyring.PUBLIC)]
    assert (kids(keyring.PUBLIC), is_checked_by(keyring.signing_key())) == ([first], True)


def test_a_public_list_alone_is_worth_nothing(clock: Clock) -> None:
    first = begin(clock)
    drop(keyring.PRIVATE)
    keyring.make_first_keys(aws.client("ssm"))
    assert kids(keyring.PUBLIC) == kids(keyring.PRIVATE) != [first]


def test_another_stages_keys_are_made_under_its_names(clock: Clock) -> None:
    names = keyring.make_first_keys(aws.client("ssm"), lambda name: f"/other/{name}")
    assert names == ["/other/jwks/access", "/other/keys/access"]


def test_the_public_list_holds_nothing_private(clock: Clock) -> None:
    begin(clock)
    [public] = json.loads(stored(keyring.PUBLIC))["keys"]
    [private] = json.loads(stored(keyring.PRIVATE))["keys"]
    assert public.keys() == {"kty", "crv", "alg", "use", "kid", "created", "x"}
    assert private["private"] not in stored(keyring.PUBLIC)


def test_both_lists_are_stored_encrypted(clock: Clock) -> None:
    begin(clock)
    found = aws.client("ssm").get_parameters(Names=[secrets.path(name) for name in NAMES])["Parameters"]
    assert {each["Type"] for each in found} == {"SecureString"}


def test_a_month_of_days(clock: Clock) -> None:
    """PLAT-31: every day somebody signs, and what was signed within a token's life is always checked."""
    begin(clock)
    signers: list[SigningKey] = []
    for _ in range(70):
        for minutes in (0, 5, 15):
            clock.forward(minutes=minutes)
            signers.append(keyring.signing_key())
            assert is_checked_by(signers[-1])
        clock.forward(days=1, minutes=-20)
        last = signers[-1]
        keyring.rotate()
        assert is_checked_by(last)
    assert len({signer.kid for signer in signers}) == 3
    assert len(kids(keyring.PRIVATE)) <= 2


def test_nothing_is_written_while_nothing_is_due(clock: Clock) -> None:
    begin(clock)
    before = [stored(name) for name in NAMES]
    clock.forward(days=29)
    assert not keyring.rotate()
    assert [stored(name) for name in NAMES] == before


def test_a_crash_between_the_lists_harms_nobody(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new key stands in public alone: nobody signs by it; the next run drops it for another."""
    first = begin(clock)
    clock.forward(days=31)
    private = secrets.path(keyring.PRIVATE)
    real = keyring._put

    def put(ssm: Any, name: str, value: str) -> None:
        if name == private:
            raise ConnectionError
        real(ssm, name, value)

    monkeypatch.setattr(keyring, "_put", put)
    with pytest.raises(ConnectionError):
        keyring.rotate()
    monkeypatch.setattr(keyring, "_put", real)
    secrets.forget()
    [_, orphan] = kids(keyring.PUBLIC)
    assert (keyring.signing_key().kid, is_checked_by(keyring.signing_key())) == (first, True)
    assert keyring.rotate()
    assert kids(keyring.PUBLIC) == kids(keyring.PRIVATE)
    assert orphan not in kids(keyring.PUBLIC)


def test_a_public_list_that_differs_is_put_right(clock: Clock) -> None:
    first = begin(clock)
    store(keyring.PUBLIC, '{"keys":[]}')
    assert not keyring.rotate()
    assert kids(keyring.PUBLIC) == [first]


def test_a_stage_without_keys_says_so(clock: Clock) -> None:
    drop(*NAMES)
    with pytest.raises(SettingsInvalid, match="keys/access"):
        keyring.signing_key()
    with pytest.raises(SettingsInvalid, match="jwks/access"):
        keyring.public_key("k")
    for name in NAMES:
        store(name, json.dumps({"keys": []}))


def test_the_days_job_rotates(clock: Clock) -> None:
    first = begin(clock)
    clock.forward(days=31)
    event = {"id": "e", "time": "2026-11-20T10:00:00Z", "source": "aws.events", "resources": [], "detail": {}}
    more = {"version": "0", "account": "1", "region": "r", "detail-type": "Scheduled Event"}
    jobs.rotate_keys({**event, **more}, None)
    assert kids(keyring.PRIVATE)[0] == first
    assert len(kids(keyring.PRIVATE)) == 2


def test_a_rotation_that_may_not_write_fails_loudly(clock: Clock) -> None:
    begin(clock)
    clock.forward(days=31)
    with refusing("ssm", "PutParameter", "AccessDeniedException"), pytest.raises(Exception, match="AccessDenied"):
        keyring.rotate()


def test_keys_are_unlike() -> None:
    made = [new_key(datetime(2026, 1, 1, tzinfo=UTC)) for _ in range(20)]
    assert len({each.kid for each in made}) == len({each.private for each in made}) == 20
