"""Screens fitted to channels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.booking.actions import Action, Step, payload, read
from functions.booking.dialog.layout import rows, shortened
from functions.booking.dialog.turn import Screen
from shared.bus import ChannelLimits
from shared.i18n import words

TURNING = "d:anna:1:1:::{page}"
LIMITS = st.builds(
    ChannelLimits,
    buttons=st.integers(4, 60),
    buttons_per_row=st.integers(1, 8),
    label=st.integers(10, 40),
    payload_bytes=st.just(64),
)


def _screen(number: int, columns: int = 1, page: int = 0) -> Screen:
    choices = tuple(
        (f"Choice number {at} with a long label", payload(Action(Step.SERVICE, "anna", service=str(at))))
        for at in range(number)
    )
    footer = (("Back", payload(Action(Step.SERVICES, "anna"))),)
    return Screen("?", choices, footer, columns, page, TURNING)


@given(st.integers(0, 200), LIMITS, st.integers(1, 4))
def test_every_choice_is_on_one_page_within_the_limits(number: int, limits: ChannelLimits, columns: int) -> None:
    """BOOK-11: lists longer than a messenger's limit are paged."""
    seen: list[str] = []
    page = 0
    while True:
        found = rows(_screen(number, columns, page), limits, words("en"))
        flat = [button for row in found for button in row]
        assert len(flat) <= limits.buttons
        assert all(0 < len(row) <= limits.buttons_per_row for row in found)
        assert all(len(button.label) <= limits.label for button in flat)
        assert flat[-1].payload == "m:anna"
        seen += [button.payload for button in flat if button.payload.startswith("s:")]
        turning = [read(button.payload) for button in flat if button.payload.startswith("d:")]
        if not any(action and action.page == page + 1 for action in turning):
            break
        page += 1
    assert seen == [f"s:anna:{at}" for at in range(number)]


@given(st.text(max_size=100), st.integers(2, 50))
def test_a_text_is_cut_to_the_limit(text: str, most: int) -> None:
    assert len(shortened(text, most)) <= most
    assert shortened(text, 1000) == text


def test_a_payload_that_no_channel_could_carry_is_a_fault() -> None:
    screen = Screen("?", (("x", "s:" + "a" * 80),))
    with pytest.raises(ValueError, match="cannot carry"):
        rows(screen, ChannelLimits(buttons=10, buttons_per_row=2, label=20, payload_bytes=64), words("en"))
