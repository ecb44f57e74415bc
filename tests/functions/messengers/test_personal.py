"""What the messengers tell of a client and take away."""

from __future__ import annotations

import pytest

from functions.messengers import personal, visitors
from functions.messengers.models import OwnTicketRequest
from shared import outbox
from shared.bus import Contact, OutboundMessage
from shared.identity import Caller
from shared.ids import new_id
from shared.personal import Person
from shared.tables import Transaction
from tests.support.known_people import CHAT, COMMENT

pytestmark = pytest.mark.usefixtures("aws")
HIS = Contact(channel="telegram", account_id="bot_anna", chat=CHAT)
OTHERS = Contact(channel="telegram", account_id="bot_anna", chat="5")


def _said(contact: Contact, text: str, *, org_id: str = "org_lipa", answers: str = "") -> None:
    transaction = Transaction()
    outbox.add(transaction, org_id, [OutboundMessage(id=new_id("msg"), contact=contact, text=text, answers=answers)])
    transaction.commit()


def _left(contact: Contact) -> int:
    return len(outbox.history(contact, 100))


def test_his_messages_are_told_in_their_order() -> None:
    """PLAT-23."""
    _said(HIS, "Which day?", answers="/start")
    _said(HIS, "Booked.", answers=COMMENT)
    _said(OTHERS, "Hello.")
    [section] = personal.export(Person(org_id="org_lipa", contacts=(HIS,)))
    assert (section.name, section.is_whole) == ("messages", True)
    assert [(item["we_said"], item["you_said"]) for item in section.items] == [
        ("Which day?", "/start"),
        ("Booked.", COMMENT),
    ]
    assert {(item["channel"], item["chat"], item["status"]) for item in section.items} == {("telegram", CHAT, "unsent")}


def test_his_messages_go_and_nobody_elses() -> None:
    """PLAT-23, PLAT-33: also not what another organisation said to the same chat."""
    for number in range(3):
        _said(HIS, str(number))
    _said(HIS, "of another", org_id="org_wheel")
    _said(OTHERS, "Hello.")
    person = Person(org_id="org_lipa", contacts=(HIS,))
    assert personal.remove(person) == 3
    assert (_left(HIS), _left(OTHERS)) == (1, 1)
    assert (personal.remove(person), list(personal.export(person))) == (0, [])


def test_nobody_is_known_by_a_chat_alone() -> None:
    _said(HIS, "Hello.")
    assert personal.find(Person(org_id="org_lipa", client_id="cli_1")) is None
    assert list(personal.export(Person(user_id="usr_1"))) == []


@pytest.mark.usefixtures("demo")
def test_who_opened_a_web_chat_signed_in_is_known_by_it() -> None:
    """PLAT-23: his account is what the chat is found by, whatever organisation it belongs to."""
    visitors.admit_own(OwnTicketRequest(master="anna"), Caller("user", "usr_1", session_id="ses_1"))
    own = Contact(channel="webchat", account_id="anna", chat="usr_1")
    _said(own, "Which day?")
    found = personal.find(Person(user_id="usr_1"))
    assert found is not None
    assert found.contacts == (own,)
    [section] = personal.export(found)
    assert [item["we_said"] for item in section.items] == ["Which day?"]
    assert (personal.remove(found), personal.remove(found)) == (1, 0)
    assert personal.find(Person(user_id="usr_2")) is None
