"""Requests for people's data over HTTP: for oneself, for clients of one's organisation, and for nobody else's."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from typing import Any

import pytest

from functions.accounts.api.people import api
from functions.accounts.entry import passwords
from functions.accounts.people import personal_requests, users
from functions.booking.models import Booking
from functions.booking.tables import bookings_of, find_booking, find_conversation
from functions.platform import jobs
from shared.audit import AuditRow
from shared.clock import now
from shared.identity import Caller
from shared.outbox import conversation_key
from shared.personal_requests import KEPT, RequestItem
from shared.rights import Right, Role
from shared.tables import Transaction
from tests.support import stored
from tests.support.aws_calls import refusing
from tests.support.http_events import Answer
from tests.support.known_people import EMAIL, NAME, PASSWORD
from tests.support.moto_aws import waiting
from tests.support.people import Person
from tests.support.queue_events import record
from tests.support.signed_in import ask, caller, founder, member, person

ME, PEOPLE = "/v1/accounts/me", "/v1/accounts/people"
ADMIN = Caller("user", "usr_admin", "org_lipa", (Role.ADMINISTRATOR.value,), session_id="ses_1")


@pytest.fixture(autouse=True)
def _demo(aws: None) -> None:
    stored.demo()


def _post(who: Caller | None, path: str, **body: Any) -> Answer:
    return ask(api, who, "POST", path, json.dumps(body) if body else None)


def _get(who: Caller | None, path: str, request_id: str) -> Answer:
    return ask(api, who, "GET", path, path={"request_id": request_id})


def _carry_out() -> None:
    for at, body in enumerate(waiting("personal")):
        assert jobs.personal({"Records": [record(body) | {"messageId": str(at)}]}, None) == {"batchItemFailures": []}


def _user() -> Caller:
    user_id = person(NAME, EMAIL)
    transaction = Transaction()
    passwords.set_password(transaction, user_id, passwords.hashed(PASSWORD), now())
    transaction.commit()
    return caller(user_id)


def _booked() -> Booking:
    client = Person()
    client.book(day=3)
    conversation, _ = find_conversation(conversation_key(client.contact), None)
    assert conversation is not None
    return bookings_of(conversation.client_id, "0", 5)[0]


def test_a_person_gets_a_file_of_himself() -> None:
    """PLAT-23."""
    olga = _user()
    asked = _post(olga, f"{ME}/exports")
    assert (asked.status, asked.json["status"]) == (202, "waiting")
    path, request_id = f"{ME}/exports/{{request_id}}", asked.json["id"]
    assert _get(olga, path, request_id).json["status"] == "waiting"
    assert _get(olga, f"{path}/file", request_id).status == 404
    _carry_out()
    assert _get(olga, path, request_id).json["status"] == "ready"
    given = _get(olga, f"{path}/file", request_id)
    assert (given.status, given.headers["content-type"], given.headers["cache-control"]) == (
        200,
        "application/json",
        "no-store",
    )
    assert given.headers["content-disposition"] == f'attachment; filename="{request_id}.json"'
    assert given.json["systems"]["accounts"]["profile"][0]["email"] == EMAIL


def test_nobody_gets_anothers_file() -> None:
    """PLAT-33."""
    olga, boris = _user(), caller(person())
    request_id = _post(olga, f"{ME}/exports").json["id"]
    _carry_out()
    path = f"{ME}/exports/{{request_id}}"
    assert [_get(boris, path, request_id).status, _get(boris, f"{path}/file", request_id).status] == [404, 404]
    people = f"{PEOPLE}/exports/{{request_id}}"
    assert [_get(ADMIN, people, request_id).status, _get(ADMIN, f"{people}/file", request_id).status] == [404, 404]


@pytest.mark.parametrize("request_id", ["prq_0", "usr_1", "user", "profile", "prq_0#", "member#org_lipa"])
def test_other_items_of_a_person_are_no_requests(request_id: str) -> None:
    assert _get(_user(), f"{ME}/exports/{{request_id}}", request_id).status == 404


def test_a_person_removes_himself_by_his_password() -> None:
    """PLAT-23."""
    olga = _user()
    assert _post(olga, f"{ME}/removal", password="not it").status == 401
    assert _post(olga, f"{ME}/removal").status in {400, 401, 422}
    assert waiting("personal") == []
    assert users.find_active(olga.subject) is not None
    assert _post(olga, f"{ME}/removal", password=PASSWORD).status == 202
    _carry_out()
    assert users.find_active(olga.subject) is None


def test_guesses_of_the_password_are_slowed() -> None:
    """PLAT-34."""
    olga = _user()
    answers = [_post(olga, f"{ME}/removal", password=f"wrong {number}").status for number in range(12)]
    assert answers[0] == 401
    assert answers[-1] == 429
    assert _post(olga, f"{ME}/removal", password=PASSWORD).status == 429


def test_the_last_administrator_is_told_so() -> None:
    ada = founder()
    transaction = Transaction()
    passwords.set_password(transaction, ada.subject, passwords.hashed(PASSWORD), now())
    transaction.commit()
    refused = _post(ada, f"{ME}/removal", password=PASSWORD)
    assert (refused.status, refused.json["type"]) == (409, "/docs#conflict")
    member(ada.org_id, Role.ADMINISTRATOR)
    assert _post(ada, f"{ME}/removal", password=PASSWORD).status == 202


def test_an_organisation_gets_a_file_of_its_client() -> None:
    """PLAT-23."""
    booking = _booked()
    for named in ({"client_id": booking.client_id}, {"booking_id": booking.id}):
        asked = _post(ADMIN, f"{PEOPLE}/exports", **named)
        assert asked.status == 202
        _carry_out()
        path, request_id = f"{PEOPLE}/exports/{{request_id}}", asked.json["id"]
        assert _get(ADMIN, path, request_id).json["status"] == "ready"
        told = _get(ADMIN, f"{path}/file", request_id).json
        assert told["systems"]["booking"]["bookings"][0]["id"] == booking.id


def test_an_organisation_removes_its_client_and_his_files() -> None:
    booking = _booked()
    exported = _post(ADMIN, f"{PEOPLE}/exports", booking_id=booking.id).json["id"]
    _carry_out()
    asked = _post(ADMIN, f"{PEOPLE}/removals", client_id=booking.client_id)
    _carry_out()
    assert _get(ADMIN, f"{PEOPLE}/removals/{{request_id}}", asked.json["id"]).json["status"] == "ready"
    after = find_booking("org_lipa", booking.id)
    assert after is not None
    assert after.client_name == ""
    assert _get(ADMIN, f"{PEOPLE}/exports/{{request_id}}/file", exported).status == 404


def test_another_organisations_clients_and_requests_are_not_there() -> None:
    """PLAT-33."""
    booking, boris = _booked(), dataclasses.replace(ADMIN, org_id="org_wheel")
    for path in ("exports", "removals"):
        for named in ({"client_id": booking.client_id}, {"booking_id": booking.id}, {"client_id": "cli_0"}):
            assert _post(boris, f"{PEOPLE}/{path}", **named).status == 404
        request_id = _post(ADMIN, f"{PEOPLE}/{path}", client_id=booking.client_id).json["id"]
        assert _get(boris, f"{PEOPLE}/{path}/{{request_id}}", request_id).status == 404
    assert _get(boris, f"{PEOPLE}/exports/{{request_id}}/file", request_id).status == 404


def test_an_export_is_no_removal() -> None:
    booking = _booked()
    request_id = _post(ADMIN, f"{PEOPLE}/exports", client_id=booking.client_id).json["id"]
    assert _get(ADMIN, f"{PEOPLE}/removals/{{request_id}}", request_id).status == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        (None, 401),
        (dataclasses.replace(ADMIN, roles=("master",)), 403),
        (Caller("key", "key_1", "org_lipa", scopes=(Right.BOOKINGS_READ.value,)), 403),
        (Caller("key", "key_1", "org_lipa", scopes=(Right.PEOPLE_EXPORT.value,), is_test=True), 403),
        (Caller("key", "key_1", "org_lipa", scopes=(Right.PEOPLE_EXPORT.value,)), 202),
        (dataclasses.replace(ADMIN, org_id=""), 404),
    ],
)
def test_only_who_has_the_right_asks(who: Caller | None, status: int) -> None:
    """PLAT-33, PLAT-13: a key needs the scope, and a test key has no people."""
    booking = _booked()
    assert _post(who, f"{PEOPLE}/exports", client_id=booking.client_id).status == status
    assert len(waiting("personal")) == (status == 202)


@pytest.mark.parametrize(
    "body",
    [
        {"client_id": ""},
        {"client_id": "cli_1", "booking_id": "bkg_1"},
        {"client_id": "usr_1"},
        {"booking_id": "bkg_1#x"},
        {"user_id": "usr_1"},
        {"client_id": 1},
    ],
)
def test_a_client_is_named_by_one_of_two_ids(body: dict[str, Any]) -> None:
    assert _post(ADMIN, f"{PEOPLE}/exports", **body).status == 422


def test_whoever_reads_a_file_is_in_the_audit_log() -> None:
    """PLAT-35."""
    olga = _user()
    request_id = _post(olga, f"{ME}/exports").json["id"]
    _carry_out()
    _get(olga, f"{ME}/exports/{{request_id}}/file", request_id)
    acts = [row.action for row in sorted(AuditRow.scan(), key=lambda row: row.sk) if row.thing == olga.subject]
    wanted = ["accounts.person.export_asked", "accounts.person.exported", "accounts.person.file_read"]
    assert [act for act in acts if act.startswith("accounts.person")] == wanted


def test_after_a_week_neither_request_nor_file_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    olga = _user()
    request_id = _post(olga, f"{ME}/exports").json["id"]
    _carry_out()
    [item] = [row for row in RequestItem.scan() if row.sk == request_id]
    item.update([RequestItem.expires_at.set(int((now() - timedelta(seconds=1)).timestamp()))])
    for path in (f"{ME}/exports/{{request_id}}", f"{ME}/exports/{{request_id}}/file"):
        assert _get(olga, path, request_id).status == 404
    assert timedelta(days=7) == KEPT


def test_a_file_too_large_for_one_answer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    olga = _user()
    request_id = _post(olga, f"{ME}/exports").json["id"]
    _carry_out()
    monkeypatch.setattr(personal_requests, "FILE_MAX_BYTES", 100)
    assert _get(olga, f"{ME}/exports/{{request_id}}/file", request_id).status == 413


def test_what_could_not_be_sent_is_not_promised() -> None:
    with refusing("sqs", "SendMessage", "ServiceUnavailable", 503):
        assert _post(_user(), f"{ME}/exports").status == 503
