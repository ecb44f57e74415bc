"""The words between systems: what is read is what was said, and nothing else is read."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from shared.bus import (
    Button,
    ChannelLimits,
    Contact,
    Envelope,
    InboundKind,
    InboundMessage,
    OutboundHint,
    OutboundMessage,
    TimerDue,
)
from shared.errors import InvalidPayload

MOMENT = datetime(2026, 3, 2, 10, tzinfo=UTC)
PLAIN = st.text(st.characters(codec="utf-8"), max_size=20)
CONTACTS = st.builds(Contact, channel=PLAIN, account_id=PLAIN, chat=PLAIN, route=st.none() | PLAIN)
BUTTONS = st.lists(st.lists(st.builds(Button, label=PLAIN, payload=PLAIN), max_size=3).map(tuple), max_size=3).map(
    tuple
)
OUTBOUND = st.builds(
    OutboundMessage, id=PLAIN, contact=CONTACTS, text=PLAIN, buttons=BUTTONS, edits=st.none() | PLAIN, answers=PLAIN
)
LIMITS = ChannelLimits(buttons=1, buttons_per_row=1, label=10, payload_bytes=64)
INBOUND: dict[str, Any] = {
    "event_id": "e1",
    "contact": {"channel": "telegram", "account_id": "a", "chat": "1"},
    "kind": "text",
    "limits": LIMITS.model_dump(),
    "received_at": "2026-03-02T10:00:00Z",
}


def enveloped(body: dict[str, Any], **more: Any) -> Envelope:
    """An envelope around a body."""
    return Envelope(
        id="evt_1", type="t", occurred_at=MOMENT, org_id="o", correlation_id="c", actor="a", body=body, **more
    )


@given(message=OUTBOUND)
def test_what_is_said_is_read(message: OutboundMessage) -> None:
    hint = OutboundHint(message=message, lease_until=MOMENT, lease="lea_1")
    sent = enveloped(hint.model_dump(mode="json", exclude_none=True)).model_dump_json()
    assert Envelope.model_validate_json(sent).read(OutboundHint) == hint
    assert OutboundMessage.model_validate_json(message.model_dump_json(exclude_none=True)) == message


def test_what_a_newer_version_adds_is_passed_over() -> None:
    """PLAT-44: a deployment leaves no message behind that the version beside it cannot read."""
    newer = enveloped({**INBOUND, "surplus": 1, "contact": {**INBOUND["contact"], "surplus": 1}})
    assert newer.read(InboundMessage) == enveloped(INBOUND).read(InboundMessage)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"event_id": ""}, "event_id"),
        ({"event_id": "e" * 81}, "event_id"),
        ({"kind": "shout"}, "kind"),
        ({"text": "t" * 4097}, "text"),
        ({"payload": "p" * 257}, "payload"),
        ({"language": "l" * 36}, "language"),
        ({"received_at": "2026-03-02T10:00:00"}, "received_at"),
        ({"contact": {"channel": "telegram", "account_id": "a", "chat": "1" * 129}}, "contact.chat"),
        ({"contact": None}, "contact"),
        ({"text": "\ud800"}, "text"),
    ],
)
def test_a_wrong_body_is_refused_by_its_field(change: dict[str, Any], field: str) -> None:
    with pytest.raises(InvalidPayload, match=f"^t: {field}: "):
        enveloped({**INBOUND, **change}).read(InboundMessage)


def test_a_refusal_tells_no_persons_words() -> None:
    """PLAT-22: it may come into a log."""
    with pytest.raises(InvalidPayload) as refused:
        enveloped({**INBOUND, "text": ["+79990000000"], "kind": "+79990000001"}).read(InboundMessage)
    assert "7999" not in str(refused.value)


def test_defaults_of_what_a_person_did() -> None:
    read = enveloped(INBOUND).read(InboundMessage)
    assert (read.kind, read.text, read.tapped, read.contact.route) == (InboundKind.TEXT, "", None, None)


def test_values_do_not_change() -> None:
    with pytest.raises(ValidationError):
        LIMITS.buttons = 2  # type: ignore[misc]


@pytest.mark.parametrize("moment", ["2026-03-02T10:00:00", "soon", None])
def test_moments_have_a_zone(moment: Any) -> None:
    with pytest.raises(InvalidPayload, match="due_at"):
        enveloped({"timer_id": "t", "name": "n", "due_at": moment}).read(TimerDue)
    with pytest.raises(ValidationError):
        enveloped({}).model_validate({**enveloped({}).model_dump(), "occurred_at": moment})
