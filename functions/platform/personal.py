"""Requests for a person's data, carried out over all systems: a file of all that is kept, or its removal."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from shared import audit, log, personal, storage
from shared.bus import Envelope, PersonalDataRequested, PersonNamed
from shared.clock import now
from shared.errors import SERVER_FAILS, Conflict, SvyazError
from shared.personal import SYSTEMS, Person
from shared.personal_requests import (
    BUCKET,
    FAILED,
    READY,
    WAITING,
    RequestItem,
    exports_of,
    file_key,
    find_request,
    partition,
    write_ended,
)
from shared.tables import Transaction

FORM: Final = "svyaz personal data, version 1"
ACTIONS: Final = {"export": "accounts.person.exported", "remove": "accounts.person.removed"}


def take(message: Envelope) -> None:
    """Carries out a request; one that has ended, or of which nothing is known, changes nothing.

    Raises: Contended, ProviderThrottled, ProviderUnavailable: the queue brings it back, and it is done again.
    """
    asked = message.read(PersonalDataRequested)
    item = find_request(partition(asked.person), asked.request_id)
    if item is None or item.status != WAITING:
        log.info("personal.repeated", request_id=asked.request_id)
        return
    with audit.acting(audit.Actor(asked.asker_kind, asked.asked_by, "queue", message.org_id or audit.NOBODY)):
        _carry_out(item, asked)


def _carry_out(item: RequestItem, asked: PersonalDataRequested) -> None:
    try:
        _do(item, asked)
    except SvyazError as error:
        if error.is_retryable or error.status >= SERVER_FAILS:
            raise
        log.warning("personal.refused", request_id=item.sk, reason=error.kind)
        _end(item, FAILED, error.kind)
    else:
        _end(item, READY)


def _do(item: RequestItem, asked: PersonalDataRequested) -> None:
    person = personal.recognised(Person.model_validate(asked.person.model_dump()))
    if asked.what == "export":
        content = json.dumps(_document(item, person), ensure_ascii=False, indent=2)
        storage.write(BUCKET, file_key(item), content.encode(), "application/json")
        return
    for name in SYSTEMS:
        removed = personal.system(name).remove(person)
        log.info("personal.removed", system=name, number=removed, request_id=item.sk)
    _forget_exports(person)


def _document(item: RequestItem, person: Person) -> dict[str, Any]:
    return {
        "what": FORM,
        "person": {name: value for name, value in _named(person).items() if value},
        "asked_at": item.asked_at,
        "made_at": now().isoformat(),
        "why": "asked by the person" if item.asked_by == person.user_id else "asked by the organisation",
        "asked_by": item.asked_by,
        "systems": {name: _told(name, person) for name in sorted(SYSTEMS)},
    }


def _named(person: Person) -> dict[str, str]:
    return {name: getattr(person, name) for name in PersonNamed.model_fields}


def _told(name: str, person: Person) -> dict[str, Any]:
    sections = list(personal.system(name).export(person))
    told: dict[str, Any] = {section.name: list(section.items) for section in sections}
    if cut := [section.name for section in sections if not section.is_whole]:
        told["only_the_latest_of"] = cut
    return told


def _forget_exports(person: Person) -> None:
    """Files that were made before hold what is now gone."""
    for earlier in exports_of(person):
        storage.delete(BUCKET, file_key(earlier))
        earlier.delete()


def _end(item: RequestItem, status: str, reason: str | None = None) -> None:
    transaction = Transaction()
    write_ended(transaction, item, status, reason)
    result: audit.Result = "done" if status == READY else "refused"
    audit.add(transaction, ACTIONS[item.what], item.subject, result=result, reason=reason)
    try:
        transaction.commit()
    except Conflict:
        log.info("personal.repeated", request_id=item.sk)
        return
    log.count("PersonalDataRequest", what=item.what, status=status)
    log.info("personal.ended", request_id=item.sk, waited_s=_waited_s(item))


def _waited_s(item: RequestItem) -> int:
    return int((now() - datetime.fromisoformat(item.asked_at)).total_seconds())
