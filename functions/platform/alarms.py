"""Alarms as letters to the operator.

Source: docs.aws.amazon.com, CloudWatch User Guide, Alarm events and EventBridge (read 2026-11-20).
"""

from __future__ import annotations

from typing import Any

from shared import log, mail
from shared.errors import InvalidPayload
from shared.i18n import words
from shared.settings import settings

PATTERN = {"source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"]}
TOLD_STATES = ("ALARM", "OK")


def tell(detail: dict[str, Any]) -> None:
    """Mails the operator about an alarm that began or ended, in both languages.

    Raises: InvalidPayload for a detail that is no state change.
    """
    try:
        name, state, was = detail["alarmName"], detail["state"]["value"], detail.get("previousState", {}).get("value")
        reason = detail["state"].get("reason", "")
    except (KeyError, TypeError):
        raise InvalidPayload("This is no state change of an alarm.") from None
    if state not in TOLD_STATES or (state == "OK" and was != "ALARM"):
        return
    log.warning("alarm", alarm=name, state=state)
    mail.send(settings().operator_mail, f"Svyaz {settings().stage}: {name}: {state}", _letter(name, state, reason))


def _letter(name: str, state: str, reason: str) -> str:
    begun = state == "ALARM"
    texts = []
    for language in ("ru", "en"):
        w = words(language)
        head = w("Alarm {name} has gone off.", name=name) if begun else w("Alarm {name} is over.", name=name)
        advice = w("See what lies in the dead-letter queues: make dead-letters") if begun else ""
        texts.append("\n".join(line for line in (head, reason, advice) if line))
    return "\n\n".join(texts) + "\n"
