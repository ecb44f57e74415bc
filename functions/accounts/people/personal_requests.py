"""Asking for a person's data: by himself, or by an organisation for its client; how it stands, and the file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from functions.accounts.entry import own_password
from functions.accounts.people.removal import check_may_leave
from shared import audit, personal, queues, storage
from shared.bus import PersonalDataRequested, PersonNamed
from shared.errors import Forbidden, NotFound
from shared.identity import Caller
from shared.ids import new_id
from shared.personal import Person
from shared.personal_requests import (
    ASKED,
    BUCKET,
    PREFIX,
    QUEUE,
    READY,
    RequestItem,
    file_key,
    find_request,
    partition,
    write_asked,
)
from shared.tables import Transaction

What = Literal["export", "remove"]
FILE_MAX_BYTES: Final = 5 * 1024 * 1024
"""What API Gateway and Lambda carry in one answer, with room for escapes."""


@dataclass(frozen=True)
class PersonalRequest:
    """A request and how it stands: `waiting`, `ready` or `failed`, and since when."""

    id: str
    status: str
    at: datetime
    reason: str = ""


def ask_own(caller: Caller) -> PersonalRequest:
    """A request for all that is kept of the caller himself."""
    return _asked(caller, "export", PersonNamed(user_id=caller.subject))


def ask_own_removal(caller: Caller, password: str) -> PersonalRequest:
    """A request that the caller be removed, given his password once more, or a login of just now where he has none.

    Raises: Unauthorized, TooManyRequests; Conflict for the last administrator of an organisation.
    """
    own_password.demand(caller.subject, caller.session_id, password)
    check_may_leave(caller.subject)
    return _asked(caller, "remove", PersonNamed(user_id=caller.subject))


def ask_for_client(caller: Caller, what: What, *, client_id: str = "", booking_id: str = "") -> PersonalRequest:
    """A request about a client of the caller's organisation.

    Raises: NotFound, Forbidden for a test key.
    """
    named = Person(org_id=caller.org_id, client_id=client_id, booking_id=booking_id)
    return _asked(caller, what, PersonNamed.model_validate(personal.recognised(named).model_dump()))


def own(caller: Caller, what: What, request_id: str) -> PersonalRequest:
    """How a request of the caller about himself stands.

    Raises: NotFound.
    """
    return _told(_found(_own(caller), what, request_id))


def of_client(caller: Caller, what: What, request_id: str) -> PersonalRequest:
    """How a request of the caller's organisation stands.

    Raises: NotFound.
    """
    return _told(_found(_organisations(caller), what, request_id))


def own_file(caller: Caller, request_id: str) -> bytes:
    """The file of an export of the caller himself.

    Raises: NotFound where it is not ready, PayloadTooLarge.
    """
    return _file(_found(_own(caller), "export", request_id))


def file_of_client(caller: Caller, request_id: str) -> bytes:
    """The file of an export of the caller's organisation.

    Raises: NotFound where it is not ready, PayloadTooLarge.
    """
    return _file(_found(_organisations(caller), "export", request_id))


def _own(caller: Caller) -> str:
    return partition(PersonNamed(user_id=caller.subject))


def _organisations(caller: Caller) -> str:
    if not caller.org_id:
        raise _missing()
    return partition(PersonNamed(org_id=caller.org_id))


def _asked(caller: Caller, what: What, person: PersonNamed) -> PersonalRequest:
    """A request that is written and on its way; one that cannot be sent ends in an error and never begins."""
    if caller.is_test:
        raise Forbidden("A test key has no people.")
    body = PersonalDataRequested(
        request_id=new_id(PREFIX), what=what, person=person, asked_by=caller.subject, asker_kind=caller.kind
    )
    transaction = Transaction()
    item = write_asked(transaction, body)
    audit.add(transaction, f"accounts.person.{what}_asked", person.id)
    transaction.commit()
    queues.send(QUEUE, queues.envelope(ASKED, body, org_id=caller.org_id, actor=caller.subject, id=body.request_id))
    return _told(item)


def _found(pk: str, what: What, request_id: str) -> RequestItem:
    item = find_request(pk, request_id)
    if item is None or item.what != what:
        raise _missing()
    return item


def _file(item: RequestItem) -> bytes:
    if item.status != READY:
        raise NotFound("This file is not ready.")
    content = storage.read(BUCKET, file_key(item), FILE_MAX_BYTES)
    audit.write("accounts.person.file_read", item.subject)
    return content


def _told(item: RequestItem) -> PersonalRequest:
    return PersonalRequest(item.sk, item.status, datetime.fromisoformat(item.at), item.reason or "")


def _missing() -> NotFound:
    return NotFound("There is no such request.")
