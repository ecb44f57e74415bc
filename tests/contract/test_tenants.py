"""No organisation reaches another's things: every operation of the API's document, asked by a stranger with all rights.

Each thing is made in one organisation through the API. Its owner can then do what the operation says; the other
organisation's administrator is told that there is no such thing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from functions.platform import personal
from infra.openapi import document
from shared.bus import Envelope
from shared.rights import Role
from tests.support import signed_in, stored
from tests.support.gateway import application
from tests.support.moto_aws import waiting

PARAMETER = re.compile(r"\{(\w+)\}")
DOCUMENT = document()
GUARDED = [
    (method.upper(), path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
    if operation.get("security")
]
NAMING = [each for each in GUARDED if PARAMETER.search(each[1])]
LISTS = [path for method, path, _ in GUARDED if method == "GET" and not PARAMETER.search(path)]
OK, MISSING = range(200, 300), 404


@dataclass(frozen=True)
class Person:
    """Somebody who has signed in, in his browser."""

    id: str
    token: str

    def ask(self, method: str, path: str, body: Any = None) -> TestResponse:
        """The product's answer."""
        given = {} if body is None else {"Content-Type": "application/json"}
        headers = {"Authorization": f"Bearer {self.token}", **given}
        data = None if body is None else json.dumps(body)
        return Client(application).open(path, method=method, headers=headers, data=data)

    def read(self, path: str) -> Any:
        """What an answer says."""
        return self.ask("GET", path).json

    def make(self, path: str, body: Any = None) -> str:
        """The id of what a POST has made."""
        answer = self.ask("POST", path, body)
        assert answer.status_code in OK, answer.text
        return str(json.loads(answer.text)["id"])


@pytest.fixture
def people(aws: None) -> dict[str, Person]:
    """Two administrators, who have every right, each of his organisation; and a member of the first one's."""
    stored.demo()
    owner, stranger = signed_in.founder("Lipa", "org_lipa"), signed_in.founder("Wheel", "org_wheel")
    callers = {"owner": owner, "stranger": stranger, "member": signed_in.member("org_lipa", Role.SUPPORT)}
    return {name: _signed_in(caller.subject) for name, caller in callers.items()}


def _signed_in(user_id: str) -> Person:
    return Person(user_id, sessions.open_session(user_id, "", ["password"], Place("203.0.113.7")).access_token)


def _member(people: dict[str, Person]) -> str:
    return people["member"].id


def _team(people: dict[str, Person]) -> str:
    return people["owner"].make("/v1/accounts/teams", {"name": "Nails"})


def _invitation(people: dict[str, Person]) -> str:
    return people["owner"].make("/v1/accounts/invitations", {"email": "vera@example.org", "roles": ["support"]})


def _key(people: dict[str, Person]) -> str:
    return people["owner"].make("/v1/accounts/keys", {"name": "Till", "scopes": ["sms.messages.send"]})


def _session(people: dict[str, Person]) -> str:
    other = _signed_in(people["owner"].id)
    items = other.read("/v1/accounts/me/sessions")["items"]
    return str(next(item["id"] for item in items if not item["is_current"]))


def _booking(people: dict[str, Person]) -> str:
    master = "/v1/booking/masters/anna"
    free = people["owner"].read(f"{master}/slots?service=1&days=14")["items"]
    return people["owner"].make(
        f"{master}/bookings", {"service": "1", "start": free[0]["start"], "client_name": "Ольга"}
    )


def _own_export(people: dict[str, Person]) -> str:
    return _done(people["owner"].make("/v1/accounts/me/exports"))


def _export(people: dict[str, Person]) -> str:
    return _done(people["owner"].make("/v1/accounts/people/exports", {"booking_id": _booking(people)}))


def _removal(people: dict[str, Person]) -> str:
    return _done(people["owner"].make("/v1/accounts/people/removals", {"booking_id": _booking(people)}))


def _done(request_id: str) -> str:
    for body in waiting("personal"):
        personal.take(Envelope.model_validate_json(body))
    return request_id


MAKERS: dict[str, Callable[[dict[str, Person]], str]] = {
    "/v1/accounts/members/{user_id}": _member,
    "/v1/accounts/teams/{team_id}": _team,
    "/v1/accounts/invitations/{invitation_id}": _invitation,
    "/v1/accounts/keys/{key_id}": _key,
    "/v1/accounts/me/sessions/{session_id}": _session,
    "/v1/accounts/me/exports/{request_id}": _own_export,
    "/v1/accounts/people/exports/{request_id}": _export,
    "/v1/accounts/people/removals/{request_id}": _removal,
}
"""What makes the thing that a path names, by the path up to its parameter."""
LISTED = (_member, _team, _invitation, _key, _booking)


def _ids(content: Any) -> Iterator[str]:
    if isinstance(content, dict):
        for part in content.values():
            yield from _ids(part)
    elif isinstance(content, list):
        for part in content:
            yield from _ids(part)
    elif isinstance(content, str):
        yield content


def _example(operation: dict[str, Any]) -> Any:
    """The document's own example of a body, which is there wherever a body is wanted."""
    return operation["requestBody"]["content"]["application/json"]["example"] if "requestBody" in operation else None


def _label(value: Any) -> str:
    return str(value) if isinstance(value, str) else ""


@pytest.mark.parametrize(("method", "path", "operation"), NAMING, ids=_label)
def test_what_belongs_to_another_organisation_is_not_there(
    method: str, path: str, operation: dict[str, Any], people: dict[str, Person]
) -> None:
    """PLAT-33: a path whose parameter has no maker fails here; and so does one that its owner cannot use."""
    assert len(PARAMETER.findall(path)) == 1
    named = path[: path.index("}") + 1]
    made = MAKERS[named](people)
    address, body = path.replace(PARAMETER.findall(path)[0].join("{}"), made), _example(operation)
    refused = people["stranger"].ask(method, address, body)
    assert refused.status_code == MISSING
    assert made not in refused.text
    assert people["owner"].ask(method, address, body).status_code in OK


@pytest.mark.parametrize("path", LISTS)
def test_lists_hold_nothing_of_another_organisation(path: str, people: dict[str, Person]) -> None:
    """PLAT-33."""
    made = {maker(people) for maker in LISTED} | {person.id for name, person in people.items() if name != "stranger"}
    answer = people["stranger"].ask("GET", path)
    assert answer.status_code in OK
    assert not made & set(_ids(answer.json))
    assert not [name for name in (*made, "org_lipa") if name in answer.text]


def test_the_owner_finds_in_lists_what_he_has_made(people: dict[str, Person]) -> None:
    """Otherwise the test above would prove nothing."""
    made = {maker(people) for maker in LISTED}
    told = {name for path in LISTS for name in _ids(people["owner"].read(path))}
    assert made <= told


def test_every_path_with_a_parameter_is_looked_at() -> None:
    assert {path[: path.index("}") + 1] for _, path, _ in NAMING} == set(MAKERS)
    assert len(NAMING) > 10
