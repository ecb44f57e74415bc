"""Recovery codes."""

from __future__ import annotations

import pytest

from functions.accounts.entry import recovery

pytestmark = pytest.mark.usefixtures("aws")


def test_ten_codes_of_two_halves_and_none_twice() -> None:
    codes = recovery.new_codes()
    assert len(set(codes)) == 10
    assert all(recovery.FORM.fullmatch(recovery.plain(code)) for code in codes)
    assert {len(code) for code in codes} == {11}


def test_a_code_may_be_written_in_any_way() -> None:
    (code, *_) = recovery.new_codes()
    digest = recovery.digest("usr_1", code)
    assert {recovery.digest("usr_1", way) for way in (code.upper(), code.replace("-", " "), f" {code}\n")} == {digest}


def test_nothing_of_a_code_is_stored_and_no_two_people_share_a_digest() -> None:
    codes = ("k7xqm-29fdt", "aaaaa-bbbbb")
    stored = recovery.digests("usr_1", codes)
    assert all(half not in stored for half in ("k7xqm", "29fdt", "aaaaa", "bbbbb"))
    assert not set(stored.split()) & set(recovery.digests("usr_2", codes).split())
