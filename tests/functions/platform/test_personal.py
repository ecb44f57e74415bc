"""Requests for people's data, over all systems: files, removals, and that they may break off and come twice."""

from __future__ import annotations

import json
from typing import Any

import pytest

from functions.booking.models import Booking
from functions.booking.tables import bookings_of, find_booking, find_conversation
from functions.platform import jobs
from functions.platform import personal as carried
from shared import aws, personal, queues, storage
from shared.audit import AuditRow
from shared.bus import PersonalDataRequested, PersonNamed, TimerDue
from shared.clock import now
from shared.errors import NotFound, ProviderUnavailable
from shared.ids import new_id
from shared.outbox import conversation_key
from shared.personal_requests import BUCKET, PREFIX, RequestItem, file_key, find_request, partition, write_asked
from shared.settings import bucket_name
from shared.tables import Transaction
from tests.support import logs, stored
from tests.support.known_people import EMAIL, NAME
from tests.support.moto_aws import waiting
from tests.support.people import Person
from tests.support.queue_events import enveloped, failed, record
from tests.support.signed_in import person

ADMIN, ORG, OTHER_ORG = "usr_admin", "org_lipa", "org_wheel"


@pytest.fixture(autouse=True)
def _demo(aws: None) -> None:
    stored.demo()


def _asked(what: Any, by: str = ADMIN, **named: str) -> PersonalDataRequested:
    asked = PersonalDataRequested(
        request_id=new_id(PREFIX), what=what, person=PersonNamed(**named), asked_by=by, asker_kind="user"
    )
    transaction = Transaction()
    write_asked(transaction, asked)
    transaction.commit()
    return asked


def _carried(asked: PersonalDataRequested, org_id: str = ORG) -> list[str]:
    """The messages that are wanted again."""
    body = queues.envelope("personal.requested", asked, org_id=org_id, actor=asked.asked_by).model_dump_json()
    return failed(jobs.personal({"Records": [record(body) | {"messageId": "m0"}]}, None))


def _status(asked: PersonalDataRequested) -> tuple[str, str | None]:
    item = find_request(partition(asked.person), asked.request_id)
    assert item is not None
    return item.status, item.reason


def _files() -> list[str]:
    found = aws.client("s3").list_objects_v2(Bucket=bucket_name(BUCKET)).get("Contents", [])
    return [each["Key"] for each in found]


def _document(asked: PersonalDataRequested) -> dict[str, Any]:
    item = RequestItem(partition(asked.person), asked.request_id)
    told: dict[str, Any] = json.loads(storage.read(BUCKET, file_key(item), 10**6).decode("utf-8"))
    return told


def _acts() -> list[tuple[str, str, str, str]]:
    rows = [row for row in AuditRow.scan() if row.action.startswith("accounts.person.")]
    return [(row.action, row.actor_id, row.thing, row.result) for row in sorted(rows, key=lambda row: row.sk)]


def _booked(**given: Any) -> tuple[Person, Booking]:
    client = Person(**given)
    client.book(day=3)
    conversation, _ = find_conversation(conversation_key(client.contact), None)
    assert conversation is not None
    [booking] = bookings_of(conversation.client_id, "0", 5)
    return client, booking


def test_a_client_is_told_by_all_systems_in_one_readable_file() -> None:
    """PLAT-23."""
    client, booking = _booked()
    asked = _asked("export", org_id=ORG, client_id=booking.client_id)
    assert _carried(asked) == []
    told = _document(asked)
    assert {"what", "asked_at", "made_at", "why", "asked_by"} <= told.keys()
    assert (told["why"], told["person"]) == (
        "asked by the organisation",
        {"org_id": ORG, "client_id": booking.client_id},
    )
    assert told["systems"]["accounts"] == {}
    assert told["systems"]["booking"]["bookings"][0]["client_name"] == NAME
    assert told["systems"]["messengers"]["messages"][-1]["chat"] == client.contact.chat
    assert _status(asked) == ("ready", None)
    assert _acts() == [("accounts.person.exported", ADMIN, booking.client_id, "done")]


def test_a_file_is_written_for_people() -> None:
    """PLAT-23: in lines, and in letters as they are."""
    _, booking = _booked(name="Ольга")
    asked = _asked("export", org_id=ORG, booking_id=booking.id)
    _carried(asked)
    [key] = _files()
    assert key == f"org#{ORG}#personal/{asked.request_id}.json"
    text = storage.read(BUCKET, key, 10**6).decode("utf-8")
    assert "Ольга" in text
    assert text.count("\n") > 20


def test_a_user_is_told_what_is_his() -> None:
    user_id = person(NAME, EMAIL)
    asked = _asked("export", by=user_id, user_id=user_id)
    _carried(asked, "")
    told = _document(asked)
    assert (told["why"], told["systems"]["accounts"]["profile"][0]["email"]) == ("asked by the person", EMAIL)
    assert (told["systems"]["booking"], _files()) == ({}, [f"user#{user_id}/{asked.request_id}.json"])


def test_a_removed_client_is_known_to_no_system() -> None:
    """PLAT-23: name, chat, messages and earlier files are gone; the visit's figures stay."""
    client, booking = _booked()
    earlier = _asked("export", org_id=ORG, client_id=booking.client_id)
    _carried(earlier)
    asked = _asked("remove", org_id=ORG, client_id=booking.client_id)
    assert _carried(asked) == []
    assert (_status(asked), _files(), client.history()) == (("ready", None), [], [])
    assert find_request(partition(earlier.person), earlier.request_id) is None
    again = _asked("export", org_id=ORG, client_id=booking.client_id)
    _carried(again)
    text = json.dumps(_document(again))
    assert NAME not in text
    assert f'"{client.contact.chat}"' not in text
    [told] = _document(again)["systems"]["booking"]["bookings"]
    assert (told["id"], told["price_kopecks"]) == (booking.id, booking.price_kopecks)
    assert [act[0] for act in _acts()][-2:] == ["accounts.person.removed", "accounts.person.exported"]


def test_other_files_stay() -> None:
    _, one = _booked()
    _, other = _booked()
    kept = _asked("export", org_id=ORG, client_id=other.client_id)
    _carried(kept)
    _carried(_asked("remove", org_id=ORG, client_id=one.client_id))
    assert (_files(), _status(kept)) == ([f"org#{ORG}#personal/{kept.request_id}.json"], ("ready", None))


def test_a_removed_user_cannot_be_found_again() -> None:
    user_id = person(NAME, EMAIL)
    asked = _asked("remove", by=user_id, user_id=user_id)
    _carried(asked, "")
    assert _status(asked) == ("ready", None)
    again = _asked("export", by=user_id, user_id=user_id)
    _carried(again, "")
    told = _document(again)["systems"]["accounts"]
    assert (told["user"][0]["status"], told["profile"], told["identities"]) == ("removed", [], [])


@pytest.mark.parametrize("what", ["export", "remove"])
def test_another_organisations_client_is_nobody(what: str) -> None:
    """PLAT-33."""
    client, booking = _booked()
    for named in ({"client_id": booking.client_id}, {"booking_id": booking.id}):
        asked = _asked(what, org_id=OTHER_ORG, **named)
        assert _carried(asked, OTHER_ORG) == []
        assert _status(asked) == ("failed", "not-found")
    assert (_files(), find_booking(ORG, booking.id), bool(client.history())) == ([], booking, True)
    assert {act[3] for act in _acts()} == {"refused"}


@pytest.mark.parametrize("broken", ["accounts", "messengers", "booking"])
@pytest.mark.parametrize("after", [False, True])
def test_a_removal_that_breaks_off_between_systems_goes_on(
    broken: str,
    after: bool,  # noqa: FBT001  # a parameter of the test
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """PLAT-11, PLAT-23: whatever was done already, the next try takes the rest."""
    client, booking = _booked()
    asked = _asked("remove", org_id=ORG, client_id=booking.client_id)
    with monkeypatch.context() as crashing:
        _let_crash(crashing, broken, after=after)
        assert _carried(asked) == ["m0"]
        assert _status(asked) == ("waiting", None)
    assert _carried(asked) == []
    nameless = find_booking(ORG, booking.id)
    assert nameless is not None
    assert (nameless.client_name, nameless.contact, client.history()) == ("", None, [])
    assert (_status(asked), _acts()) == (
        ("ready", None),
        [("accounts.person.removed", ADMIN, booking.client_id, "done")],
    )


def _let_crash(crashing: pytest.MonkeyPatch, broken: str, *, after: bool) -> None:
    system = personal.system(broken)
    remove = system.remove

    def crash(who: Any) -> int:
        if after:
            remove(who)
        raise ProviderUnavailable("gone")

    crashing.setattr(system, "remove", crash)


def test_an_export_that_breaks_off_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    _, booking = _booked()
    asked = _asked("export", org_id=ORG, client_id=booking.client_id)
    end = carried._end
    with monkeypatch.context() as crashing:
        crashing.setattr(carried, "_end", lambda *_: 1 / 0)
        assert _carried(asked) == ["m0"]
    assert carried._end is end
    assert _carried(asked) == []
    assert (len(_files()), _status(asked), len(_acts())) == (1, ("ready", None), 1)


def test_a_request_that_comes_twice_is_carried_out_once() -> None:
    """PLAT-11."""
    _, booking = _booked()
    asked = _asked("export", org_id=ORG, client_id=booking.client_id)
    assert [_carried(asked) for _ in range(3)] == [[], [], []]
    assert len(_acts()) == 1


def test_two_at_once_end_it_once(monkeypatch: pytest.MonkeyPatch) -> None:
    _, booking = _booked()
    asked = _asked("export", org_id=ORG, client_id=booking.client_id)
    do, began = carried._do, list[int]()

    def slow(item: Any, given: Any) -> None:
        if not began:
            began.append(1)
            assert _carried(asked) == []
        do(item, given)

    monkeypatch.setattr(carried, "_do", slow)
    assert _carried(asked) == []
    assert (_status(asked), len(_acts())) == (("ready", None), 1)


def test_a_request_nobody_wrote_changes_nothing() -> None:
    """A message alone removes nobody."""
    _, booking = _booked()
    forged = PersonalDataRequested(
        request_id=new_id(PREFIX),
        what="remove",
        person=PersonNamed(org_id=ORG, client_id=booking.client_id),
        asked_by=ADMIN,
        asker_kind="user",
    )
    assert _carried(forged) == []
    assert (find_booking(ORG, booking.id), _acts()) == (booking, [])


def test_poison_is_put_aside() -> None:
    """PLAT-11."""
    for body in ("no envelope", enveloped(TimerDue(timer_id="t", name="n", due_at=now()))):
        assert failed(jobs.personal({"Records": [record(body) | {"messageId": "m0"}]}, None)) == []
    assert len(waiting("personal-dead")) == 2


def test_logs_tell_ids_and_numbers_alone() -> None:
    """PLAT-22."""
    client, booking = _booked()
    with logs.kept() as lines:
        for what in ("export", "remove"):
            _carried(_asked(what, org_id=ORG, client_id=booking.client_id))
    assert len(lines.named("personal.ended")) == 2
    assert client.contact.chat not in [value for line in lines.named("personal.removed") for value in line.values()]


def test_a_system_that_does_not_know_him_is_no_failure() -> None:
    with pytest.raises(NotFound):
        personal.recognised(personal.Person(org_id=ORG, client_id="cli_0"))
