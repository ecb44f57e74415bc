"""What buttons carry."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from functions.booking.actions import EPOCH, Action, Step, payload, read

CODES = st.from_regex(r"[A-Za-z0-9_-]{2,16}", fullmatch=True)
KEYS = st.from_regex(r"[a-z0-9]{1,4}", fullmatch=True)
MOMENTS = st.integers(0, 60 * 24 * 366 * 50).map(lambda minutes: EPOCH + timedelta(minutes=minutes))


@given(st.sampled_from(Step), CODES, KEYS, KEYS, st.dates(date(2020, 1, 1), date(2100, 1, 1)), st.integers(0, 999))
def test_a_day_survives_the_button(step: Step, code: str, service: str, place: str, day: date, page: int) -> None:
    action = Action(step, code, service, place, day=day, page=page)
    assert read(payload(action)) == action
    assert len(payload(action).encode()) <= 64


@given(CODES, KEYS, KEYS, MOMENTS)
def test_a_time_survives_the_button(code: str, service: str, place: str, start: datetime) -> None:
    action = Action(Step.OFFER, code, service, place, start=start)
    assert read(payload(action)) == action
    assert len(payload(action).encode()) <= 64


@given(CODES)
def test_a_booking_survives_the_button(code: str) -> None:
    action = Action(Step.CANCEL, code, subject="bkg_" + "0" * 32)
    assert read(payload(action)) == action
    assert len(payload(action).encode()) <= 64


@given(st.text(max_size=100))
def test_a_strange_text_is_read_as_nothing_or_as_an_action(text: str) -> None:
    """BOOK-21: what a hostile page sends never breaks the dialog."""
    found = read(text)
    assert found is None or isinstance(found, Action)


def test_numbers_beyond_reason_are_nothing() -> None:
    assert read("t:anna:1:1:20261399") is None
    assert read("z:anna") is None
    assert read("m:" + "a" * 41) is None


def test_a_start_is_kept_to_the_minute_in_utc() -> None:
    start = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert read(payload(Action(Step.OFFER, "anna", "1", "1", start=start))) == Action(
        Step.OFFER, "anna", "1", "1", start=start
    )
