"""E-mail addresses in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.accounts.entry.addresses import mailbox, normalised
from shared.errors import InvalidField
from tests.support.hostile import texts

LONG_DOMAIN = ".".join(["x" * 60] * 4)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Olga.Lipova+news@Example.ORG", "olga.lipova+news@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("a@пример.рф", "a@xn--e1afmkfd.xn--p1ai"),
        ("a@ПРИМЕР.РФ", "a@xn--e1afmkfd.xn--p1ai"),
        ("a@xn--e1afmkfd.xn--p1ai", "a@xn--e1afmkfd.xn--p1ai"),
        ("a@東京テスト.jp", "a@xn--zckzah9171a34z.jp"),
        ("a@faß.de", "a@xn--fa-hia.de"),
    ],
)
def test_one_form(text: str, expected: str) -> None:
    """PLAT-30."""
    assert normalised(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "olgа@example.org",  # a Cyrillic a
        "ｏlga@example.org",  # a wide o
        "\u212aate@example.org",  # the sign of kelvin
        "a@exаmple.org",  # a Cyrillic a
        "a@xn--exmple-4nf.org",  # the same, encoded
        "a@\u212aate.org",
        "a@ｅxample.org",
        "a@example。org",
        "a@exam\u200dple.org",
        "a@exam\u00adple.org",
    ],
)
def test_look_alikes_are_refused(text: str) -> None:
    with pytest.raises(InvalidField):
        normalised(text)


def test_a_domain_of_one_foreign_alphabet_shows_what_it_is() -> None:
    """All of it Cyrillic, it looks like apple.com; in the form that it is kept and written to it does not."""
    assert normalised("a@аррӏе.com") == "a@xn--80ak6aa92e.com"


@pytest.mark.parametrize(
    "text",
    [
        "a@example.org\r\nBcc: b@example.org",
        "a\n@example.org",
        "a@example.org\n",
        "a@example.org\x00",
        "a@exam ple.org",
        " a@example.org",
        "a,b@example.org",
        "<a@example.org>",
        "Olga <a@example.org>",
        "a@example.org>,<b@example.org",
        '"a b"@example.org',
        "a(comment)@example.org",
        "a;b@example.org",
        "a@b@example.org",
    ],
)
def test_nothing_can_be_smuggled_into_a_header(text: str) -> None:
    with pytest.raises(InvalidField):
        normalised(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "@",
        "a",
        "a@",
        "@example.org",
        ".a@example.org",
        "a.@example.org",
        "a..b@example.org",
        "a@localhost",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@example..org",
        "a@example.org.",
        "a@-example.org",
        "a@example-.org",
        "a@ab--example.org",
        "a@xn--.org",
        "a@xn--a.org",
        "a@example.o",
        "a@\ud800.org",
        "a@" + "я" * 70 + ".рф",
        "a" * 65 + "@example.org",
        "a@" + "x" * 64 + ".org",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InvalidField) as refused:
        normalised(text)
    assert "no e-mail address" in refused.value.detail


@pytest.mark.parametrize("text", ["a@" + "x." * 200 + "org", f"{'a' * 20}@{LONG_DOMAIN}.org", "a@" + "б." * 60 + "рф"])
def test_a_long_one_is_refused(text: str) -> None:
    with pytest.raises(InvalidField, match="too long"):
        normalised(text)


@given(texts(max_size=300))
def test_anything_is_an_address_or_refused(text: str) -> None:
    try:
        found = normalised(text)
    except InvalidField:
        return
    assert found.isascii()
    assert found.isprintable()
    assert normalised(found) == found


@given(st.from_regex(r"[a-z0-9._+-]{1,20}@[a-zа-я0-9-]{1,12}\.(org|рф)", fullmatch=True))
def test_what_is_normal_stays(text: str) -> None:
    try:
        found = normalised(text)
    except InvalidField:
        return
    assert normalised(found) == found
    assert normalised(text.upper()) == found


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("olga@example.org", "olga@example.org"),
        ("olga+a+b@example.org", "olga@example.org"),
        ("+a@example.org", "@example.org"),
        ("olga@xn--80ak6aa92e.com", "olga@xn--80ak6aa92e.com"),
    ],
)
def test_a_mailbox_has_many_names(address: str, expected: str) -> None:
    assert mailbox(address) == expected
