"""Sealed texts open with their key in their context, and in no other way."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.ids import new_id
from shared.sealing import KEY_BYTES, NONCE_BYTES, Unreadable, key_id_of, seal, unseal

KEY, OTHER = bytes(range(KEY_BYTES)), bytes(KEY_BYTES)
KEY_ID = new_id("dky")
PLACE = "accounts|usr_1|email"
TAG_BYTES = 16


@given(st.text(alphabet=st.characters(codec="utf-8")), st.text(alphabet=st.characters(codec="utf-8")))
def test_what_was_sealed_opens_in_its_context(plain: str, context: str) -> None:
    sealed = seal(KEY, KEY_ID, plain, context)
    assert unseal(KEY, sealed, context) == plain
    assert key_id_of(sealed) == KEY_ID
    assert sealed.isascii()


@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1), st.data())
def test_no_changed_bit_passes(plain: str, data: st.DataObject) -> None:
    """PLAT-22: whoever changes what is stored is noticed."""
    version, key_id, text = seal(KEY, KEY_ID, plain, PLACE).split(".")
    raw = bytearray(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    at = data.draw(st.integers(0, len(raw) * 8 - 1))
    raw[at // 8] ^= 1 << at % 8
    changed = base64.urlsafe_b64encode(bytes(raw)).rstrip(b"=").decode()
    with pytest.raises(Unreadable):
        unseal(KEY, f"{version}.{key_id}.{changed}", PLACE)


@given(st.text(alphabet=st.characters(codec="utf-8")), st.data())
def test_no_part_passes_for_the_whole(plain: str, data: st.DataObject) -> None:
    sealed = seal(KEY, KEY_ID, plain, PLACE)
    with pytest.raises(Unreadable):
        unseal(KEY, sealed[: data.draw(st.integers(0, len(sealed) - 1))], PLACE)


def test_another_place_or_key_does_not_open() -> None:
    sealed = seal(KEY, KEY_ID, "olga@example.test", PLACE)
    with pytest.raises(Unreadable):
        unseal(KEY, sealed, "accounts|usr_2|email")
    with pytest.raises(Unreadable):
        unseal(OTHER, sealed, PLACE)


@pytest.mark.parametrize(
    "text",
    ["", "olga@example.test", "v1..AAAA", "v2.{id}.AAAA", "v1.{id}.", "v1.{id}.A", "v1.{id}.AA AA", "v1.{id}.AAAA\n"],
)
def test_other_texts_are_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        unseal(KEY, text.format(id=KEY_ID), PLACE)


def test_one_ciphertext_has_one_form() -> None:
    """Base64 whose spare bits are set would be a second form of the same."""
    sealed = seal(KEY, KEY_ID, "1", PLACE)
    assert len(sealed.rpartition(".")[2]) % 4 != 0
    spare = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = sealed[:-1] + spare[spare.index(sealed[-1]) ^ 1]
    with pytest.raises(Unreadable):
        unseal(KEY, other, PLACE)


def test_the_same_text_never_looks_the_same() -> None:
    """Nobody learns from the table who shares a name."""
    made = {seal(KEY, KEY_ID, "Olga", PLACE) for _ in range(100)}
    assert len(made) == 100
    length = len(base64.urlsafe_b64decode(made.pop().rpartition(".")[2] + "=="))
    assert length == NONCE_BYTES + len("Olga") + TAG_BYTES
