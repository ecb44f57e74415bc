"""Requests for a person's data: written once, ended once, gone after a week."""

from __future__ import annotations

from typing import Any

import pytest

from shared.bus import PersonalDataRequested, PersonNamed
from shared.errors import Conflict
from shared.ids import new_id
from shared.personal_requests import (
    FAILED,
    READY,
    WAITING,
    RequestItem,
    exports_of,
    file_key,
    find_request,
    partition,
    write_asked,
    write_ended,
)
from shared.tables import Transaction
from tests.support.clock import Clock

pytestmark = pytest.mark.usefixtures("aws")
CLIENT, USER = PersonNamed(org_id="org_lipa", client_id="cli_1"), PersonNamed(user_id="usr_1")


def _asked(person: PersonNamed, what: Any = "export") -> RequestItem:
    body = PersonalDataRequested(
        request_id=new_id("prq"), what=what, person=person, asked_by="usr_2", asker_kind="user"
    )
    transaction = Transaction()
    item = write_asked(transaction, body)
    transaction.commit()
    return item


def _ended(item: RequestItem, status: str, reason: str | None = None) -> None:
    transaction = Transaction()
    write_ended(transaction, item, status, reason)
    transaction.commit()


@pytest.mark.parametrize(("person", "pk"), [(CLIENT, "org#org_lipa#personal"), (USER, "user#usr_1")])
def test_a_request_waits_with_its_person_or_organisation(clock: Clock, person: PersonNamed, pk: str) -> None:
    item = _asked(person)
    found = find_request(pk, item.sk)
    assert found is not None
    assert (found.status, found.subject, found.asked_by) == (WAITING, person.id, "usr_2")
    assert file_key(found) == f"{pk}/{item.sk}.json"


def test_a_request_ends_once(clock: Clock) -> None:
    """PLAT-21."""
    item = _asked(CLIENT)
    clock.forward(60)
    _ended(item, FAILED, "not-found")
    with pytest.raises(Conflict):
        _ended(item, READY)
    found = find_request(partition(CLIENT), item.sk)
    assert found is not None
    assert (found.status, found.reason, found.at) == (FAILED, "not-found", clock.moment.isoformat())


def test_after_a_week_it_is_not_there_whether_cleaned_up_or_not(clock: Clock) -> None:
    item = _asked(CLIENT)
    clock.forward(days=7, seconds=-1)
    assert find_request(partition(CLIENT), item.sk) is not None
    clock.forward(1)
    assert find_request(partition(CLIENT), item.sk) is None


def test_only_exports_of_this_very_person_are_his(clock: Clock) -> None:
    """PLAT-23: also one that was asked for by a booking of his."""
    by_booking = PersonNamed(org_id="org_lipa", booking_id="bkg_1")
    his = [_asked(CLIENT), _asked(by_booking)]
    _asked(CLIENT, "remove")
    _asked(PersonNamed(org_id="org_lipa", client_id="cli_2"))
    _asked(PersonNamed(org_id="org_wheel", client_id="cli_1"))
    _asked(USER)
    known = CLIENT.model_copy(update={"booking_id": "bkg_1"})
    assert [row.sk for row in exports_of(known)] == [item.sk for item in his]
