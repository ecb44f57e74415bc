"""Keyed digests and sealed tokens."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import keys, secrets
from shared.errors import InvalidPayload, SettingsInvalid
from tests.support.hostile import texts

pytestmark = pytest.mark.usefixtures("aws")
CONTENT = st.dictionaries(st.text(max_size=8), st.none() | st.integers() | st.text(max_size=20), max_size=4)


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that cost no call of AWS in each example."""
    monkeypatch.setattr(keys, "secret", {keys.LOOKUP: "lookup", keys.SIGNING: "signing"}.__getitem__)


# lookup keys


@given(kind=st.text(max_size=20), value=st.text(max_size=60))
def test_a_lookup_key_is_the_same_for_the_same(kind: str, value: str) -> None:
    key = keys.lookup_key(kind, value)
    assert key == keys.lookup_key(kind, value)
    assert len(key) == 32
    assert set(key) <= set("0123456789abcdef")


def test_lookup_keys_tell_kinds_values_and_secrets_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {keys.lookup_key(kind, value) for kind in ("a", "ab", "") for value in ("c", "bc", "", "C")}
    assert len(found) == 12
    monkeypatch.setattr(keys, "secret", lambda _: "rotated")
    assert keys.lookup_key("a", "c") not in found


# sealed tokens


@given(purpose=st.text(max_size=20), content=CONTENT)
def test_what_was_sealed_comes_out(purpose: str, content: dict[str, Any]) -> None:
    token = keys.seal(purpose, content)
    assert keys.unseal(purpose, token) == content
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


@given(first=st.text(max_size=20), second=st.text(max_size=20))
def test_a_token_of_another_purpose_is_refused(first: str, second: str) -> None:
    if first != second:
        with pytest.raises(InvalidPayload):
            keys.unseal(second, keys.seal(first, {"a": 1}))


@given(token=texts(200) | st.binary(max_size=80).map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_made_up_text_is_a_token(token: str) -> None:
    with pytest.raises(InvalidPayload):
        keys.unseal("purpose", token)


@given(data=st.data())
def test_a_changed_token_is_refused(data: st.DataObject) -> None:
    """Every character counts, also those that base64 would let pass."""
    token = keys.seal("purpose", {"v": "vis_1", "a": "anna"})
    at = data.draw(st.integers(0, len(token)))
    other = data.draw(st.characters(blacklist_characters=token[at] if at < len(token) else ""))
    changed = data.draw(
        st.sampled_from(
            [token[:at] + other + token[at + 1 :], token[:at] + other + token[at:], token[:at] + token[at + 1 :]]
        )
    )
    if changed != token:
        with pytest.raises(InvalidPayload):
            keys.unseal("purpose", changed)


@pytest.mark.parametrize("token", ["", "=", "a", "a" * 23, "\ud800", "п" * 30, "\0", " ", "A" * 100_000, "\n"])
def test_odd_texts_are_refused(token: str) -> None:
    with pytest.raises(InvalidPayload):
        keys.unseal("purpose", token)


@pytest.mark.parametrize("frame", ["{}=", "{}==", "{}\n", " {}", "{}!"])
def test_a_token_has_one_form(frame: str) -> None:
    with pytest.raises(InvalidPayload):
        keys.unseal("purpose", frame.format(keys.seal("purpose", {"a": 1})))


def test_a_token_of_another_key_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    token = keys.seal("purpose", {"a": 1})
    monkeypatch.setattr(keys, "secret", lambda _: "rotated")
    with pytest.raises(InvalidPayload):
        keys.unseal("purpose", token)


def test_the_keys_are_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "secret", secrets.secret)
    assert keys.unseal("p", keys.seal("p", {"a": 1})) == {"a": 1}
    monkeypatch.setattr(keys, "SIGNING", "keys/none")
    with pytest.raises(SettingsInvalid, match="keys/none"):
        keys.seal("p", {})
