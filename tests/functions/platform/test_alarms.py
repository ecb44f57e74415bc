"""Alarms become letters."""

from __future__ import annotations

from typing import Any

import pytest

from functions.platform import alarms
from shared.errors import InvalidPayload
from tests.support.moto_aws import sent_mail

pytestmark = pytest.mark.usefixtures("aws")


def _detail(state: str, was: str) -> dict[str, Any]:
    return {
        "alarmName": "svyaz-dev-inbound-booking-dead",
        "state": {"value": state, "reason": "1 datapoint [1.0] was greater than the threshold (0.0)."},
        "previousState": {"value": was},
    }


def test_an_alarm_is_told_in_both_languages() -> None:
    """PLAT-11, PLAT-40: poison raises an alarm, the alarm reaches somebody."""
    alarms.tell(_detail("ALARM", "OK"))
    (letter,) = sent_mail()
    assert "svyaz-dev-inbound-booking-dead: ALARM" in letter.subject
    assert "has gone off" in letter.body
    assert "Сработала" in letter.body
    assert "make dead-letters" in letter.body


def test_its_end_is_told_too() -> None:
    alarms.tell(_detail("OK", "ALARM"))
    assert "is over" in sent_mail()[0].body


@pytest.mark.parametrize(("state", "was"), [("OK", "INSUFFICIENT_DATA"), ("INSUFFICIENT_DATA", "OK")])
def test_the_beginning_of_an_alarms_life_is_not_told(state: str, was: str) -> None:
    alarms.tell(_detail(state, was))
    assert sent_mail() == []


@pytest.mark.parametrize("detail", [{}, {"alarmName": "x"}, {"alarmName": "x", "state": "ALARM"}])
def test_another_event_is_refused(detail: dict[str, Any]) -> None:
    with pytest.raises(InvalidPayload):
        alarms.tell(detail)
