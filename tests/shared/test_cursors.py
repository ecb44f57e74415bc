"""Cursors: whoever has one goes on where it was given, and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import cursors, keys
from shared.errors import InvalidField
from tests.support.hostile import texts


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "secret", lambda name: name)


@given(listing=st.text(max_size=30), position=st.text(max_size=60))
def test_a_cursor_gives_its_position_back(listing: str, position: str) -> None:
    """PLAT-12."""
    assert cursors.position(listing, cursors.cursor(listing, position)) == position


@given(first=st.text(max_size=10), second=st.text(max_size=10))
def test_a_cursor_of_another_listing_is_refused(first: str, second: str) -> None:
    if first != second:
        with pytest.raises(InvalidField):
            cursors.position(second, cursors.cursor(first, "p"))


@given(given_=texts(120))
def test_no_made_up_text_is_a_cursor(given_: str) -> None:
    with pytest.raises(InvalidField):
        cursors.position("slots:anna", given_)


def test_a_token_of_another_kind_is_no_cursor() -> None:
    with pytest.raises(InvalidField):
        cursors.position("slots:anna", keys.seal("visitor", {"p": "x"}))


@pytest.mark.parametrize("content", [{}, {"q": "x"}])
def test_a_sealed_token_of_another_form_is_refused(content: dict[str, str]) -> None:
    """An older version of ours may have sealed it."""
    with pytest.raises(InvalidField):
        cursors.position("slots:anna", keys.seal("cursor:slots:anna", content))


def test_a_position_of_any_text_fits_a_query() -> None:
    cursor = cursors.cursor("slots:anna", "2026-03-02T10:00:00+03:00")
    assert cursor.replace("-", "").replace("_", "").isalnum()
