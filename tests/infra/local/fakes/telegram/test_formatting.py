"""Telegram's HTML: shown text, entities in UTF-16 units, refusals."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.fakes.telegram.errors import ApiError
from infra.local.fakes.telegram.formatting import format_text, utf16_length

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


def read(source: str) -> tuple[str, list[tuple[str, int, int]]]:
    """Shown text and (type, offset, length) of its entities."""
    formatted = format_text(source, "HTML", [], too_long="message is too long")
    return formatted.text, [(entity["type"], entity["offset"], entity["length"]) for entity in formatted.entities]


@given(texts)
def test_escaped_text_comes_back_as_it_was(text: str) -> None:
    """What html.escape made safe is shown literally and makes no entity."""
    if text.strip():
        assert read(html.escape(text)) == (text.strip(), [])


@given(texts, texts.filter(str.strip))
def test_an_entity_covers_exactly_its_words(before: str, words: str) -> None:
    """Offsets and lengths count UTF-16 units, so that slicing by them gives the words."""
    shown, [(kind, offset, length)] = read(f"{html.escape(before)}<b>{html.escape(words)}</b>")
    units = shown.encode("utf-16-le")
    assert kind == "bold"
    assert units[offset * 2 : (offset + length) * 2].decode("utf-16-le").strip() == words.strip()


@given(st.text("<>/ab=\"' &;#x1", max_size=30))
def test_any_markup_is_read_or_refused(source: str) -> None:
    """No text breaks the reader, and entities stay inside the text."""
    refusals = []
    try:
        shown, entities = read(source)
    except ApiError as refusal:
        refusals.append((refusal.code, refusal.description[:13]))
    else:
        assert all(0 <= offset < offset + length <= utf16_length(shown) for _, offset, length in entities)
    assert refusals in ([], [(400, "Bad Request: ")])


@pytest.mark.parametrize(
    ("source", "shown", "entities"),
    [
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("<b><i>a</i>b</b>", "ab", [("bold", 0, 2), ("italic", 0, 1)]),
        ("<STRONG>a</> b", "a b", [("bold", 0, 1)]),
        ("<b>  a</b>", "a", [("bold", 0, 1)]),
        ("<b> </b>a", "a", []),
        ("<span class='tg-spoiler'>a</span>", "a", [("spoiler", 0, 1)]),
        ('<pre><code class="language-py">a</code></pre>', "a", [("code", 0, 1), ("pre", 0, 1)]),
        ("<blockquote expandable>a</blockquote>", "a", [("blockquote", 0, 1)]),
        ('<a href="javascript:x">a</a>', "a", []),
        ('<a href="https://e.org/?a=1&amp;b=2">😀</a>', "😀", [("text_link", 0, 2)]),
        ("&lt;b&gt; &amp;amp; &#128512; &nbsp;", "<b> &amp; 😀 &nbsp;", []),
        ("a > b", "a > b", []),
    ],
)
def test_markup_and_what_is_shown(source: str, shown: str, entities: list[tuple[str, int, int]]) -> None:
    assert read(source) == (shown, entities)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("я<h1>a</h1>", 'Unsupported start tag "h1" at byte offset 2'),
        ("<b>a</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("5 < 6 > 4", 'Unsupported start tag "" at byte offset 2'),
        ("love <3", "Unclosed start tag at byte offset 5"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_markup_that_telegram_refuses(source: str, reason: str) -> None:
    with pytest.raises(ApiError) as caught:
        read(source)
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"
