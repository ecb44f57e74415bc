"""Refresh tokens: they cannot be made up, and each differs from the one before it."""

from __future__ import annotations

import pytest
from hypothesis import given

from functions.accounts.tokens import refresh_tokens
from shared import keys
from shared.errors import Unauthorized
from tests.support.hostile import texts

pytestmark = pytest.mark.usefixtures("aws")


def test_a_token_says_what_it_was_made_for() -> None:
    token = refresh_tokens.first("usr_1", "ses_1")
    assert refresh_tokens.read(token.sealed()) == token
    assert (token.user_id, token.session_id, token.generation) == ("usr_1", "ses_1", 1)


def test_each_follows_another() -> None:
    token = refresh_tokens.first("usr_1", "ses_1")
    following = token.next()
    assert (following.generation, following.session_id) == (2, "ses_1")
    assert token.is_kept_as(token.digest)
    assert not following.is_kept_as(token.digest)
    assert len({refresh_tokens.first("usr_1", "ses_1").sealed() for _ in range(20)}) == 20


def test_its_secret_is_not_in_what_the_session_keeps() -> None:
    token = refresh_tokens.first("usr_1", "ses_1")
    assert token.secret not in token.digest
    assert len(token.secret) == 43


def test_a_token_of_another_purpose_is_refused() -> None:
    content = {"u": "usr_1", "s": "ses_1", "n": 1, "k": "k"}
    with pytest.raises(Unauthorized):
        refresh_tokens.read(keys.seal("visitor", content))


@pytest.mark.parametrize("text", ["", "a", "я", "\ud800", "=" * 40, "a" * 1_000_000])
def test_hostile_texts_are_refused(text: str) -> None:
    with pytest.raises(Unauthorized):
        refresh_tokens.read(text)


def test_a_changed_one_is_refused() -> None:
    sealed = refresh_tokens.first("usr_1", "ses_1").sealed()
    for at in range(0, len(sealed), 7):
        changed = sealed[:at] + ("A" if sealed[at] != "A" else "B") + sealed[at + 1 :]
        with pytest.raises(Unauthorized):
            refresh_tokens.read(changed)


@given(text=texts(300))
def test_any_text_is_refused(text: str) -> None:
    with pytest.raises(Unauthorized):
        refresh_tokens.read(text)
