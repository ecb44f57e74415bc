"""Notices: stored once, mailed once to the right people, and never a flood."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from functions.accounts import jobs
from functions.accounts.api.audit import api
from functions.accounts.tables import NoticeItem
from functions.accounts.watch import notices
from shared import mail, queues, suspicion
from shared.audit import NOBODY, AuditRow
from shared.bus import Suspicion, SuspicionKind
from shared.errors import ProviderRejected, ProviderUnavailable
from shared.i18n import words
from shared.rights import Role
from shared.settings import settings
from tests.support.clock import START, Clock, stopped
from tests.support.http_events import Answer
from tests.support.moto_aws import sent_mail, waiting
from tests.support.queue_events import batch, failed, record
from tests.support.signed_in import ask, founder, member, person

pytestmark = pytest.mark.usefixtures("aws")
NOTICES = "/v1/accounts/notices"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch, aws: None) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


def seen(kind: SuspicionKind = SuspicionKind.GUESSING, subject: str = "usr_1", **more: Any) -> Suspicion:
    """A suspicion."""
    given: dict[str, Any] = {"number": 10, "since": START, "window_s": 600, **more}
    return Suspicion(kind=kind, subject=subject, **given)


def message(org_id: str, suspicion_seen: Suspicion) -> str:
    """The text of its message."""
    found = queues.envelope(suspicion.NOTICED, suspicion_seen, org_id=org_id, actor=suspicion_seen.subject)
    return found.model_dump_json()


def take(*messages: str) -> list[str]:
    """The messages that are wanted again."""
    return failed(jobs.take_notice({"Records": batch(*map(record, messages)).to_dict()["Records"]}, None))


def told() -> list[tuple[str, str]]:
    """To whom letters went, and what they said."""
    return [(letter.destinations["ToAddresses"][0], letter.body) for letter in sent_mail()]


def listed(who: Any, **query: str) -> Answer:
    """The answer with a page of notices."""
    return ask(api, who, "GET", NOTICES, query=list(query.items()))


def test_a_suspicion_becomes_a_notice_a_letter_and_an_entry() -> None:
    """PLAT-36."""
    ada = founder()
    assert take(message(ada.org_id, seen())) == []
    ((_, letter),) = told()
    assert "usr_1" in letter
    (item,) = listed(ada).json["items"]
    assert (item["kind"], item["subject"], item["number"]) == ("guessing", "usr_1", 10)
    (row,) = AuditRow.scan(AuditRow.action == "accounts.suspicion.guessing")
    assert (row.thing, row.org_id, row.actor_kind, row.way) == ("usr_1", ada.org_id, "system", "queue")


def test_the_way_from_the_counter_to_the_letter() -> None:
    """PLAT-36."""
    ada = founder()
    for _ in range(50):
        suspicion.failed_login(ada.org_id, "usr_1")
    assert take(*waiting(suspicion.QUEUE)) == []
    assert len(told()) == 1
    assert len(listed(ada).json["items"]) == 1


def test_a_letter_names_members_and_shortens_other_ids() -> None:
    """PLAT-36: whoever is told knows of whom; the list tells the id, which programs need."""
    ada, stranger = founder(), person("Vera")
    olga = member(ada.org_id, Role.SUPPORT, name="Olga").subject
    take(message(ada.org_id, seen(subject=olga)), message(ada.org_id, seen(subject=stranger)))
    by_name, by_id = sorted((letter for _, letter in told()), key=lambda letter: "Olga" not in letter)
    assert ("Somebody guesses at Olga:" in by_name, olga in by_name) == (True, False)
    assert (f"at {stranger[:8]}…{stranger[-5:]}:" in by_id, "Vera" in by_id) == (True, False)
    assert {item["subject"] in item["text"] for item in listed(ada).json["items"]} == {True}


def test_the_operator_is_told_no_names() -> None:
    alone = member("org_empty", Role.SUPPORT, name="Olga").subject
    take(message("org_empty", seen(subject=alone)))
    ((_, letter),) = told()
    assert (letter.count(alone), "Olga" in letter) == (2, False)


@pytest.mark.parametrize("kind", [SuspicionKind.REUSED_TOKEN, SuspicionKind.STRANGE_PLACE])
def test_an_event_is_told_with_its_own_moment(kind: SuspicionKind, clock: Clock) -> None:
    """PLAT-36: the day that such notices are counted in begins at midnight, the event does not."""
    ada, midnight = founder(), START.replace(hour=0, minute=0)
    happened = message(ada.org_id, seen(kind, since=midnight, window_s=suspicion.DAY_S))
    clock.forward(seconds=3600)
    take(happened)
    ((_, letter),) = told()
    assert f"At {START:%Y-%m-%d %H:%M} (UTC)." in letter
    (item,) = listed(ada).json["items"]
    assert datetime.fromisoformat(item["since"]) == datetime.fromisoformat(item["at"]) == START


def test_what_is_counted_is_told_with_its_window() -> None:
    ada, begun = founder(), START - timedelta(minutes=7)
    take(message(ada.org_id, seen(since=begun)))
    ((_, letter),) = told()
    assert f"Since {begun:%Y-%m-%d %H:%M} (UTC)." in letter
    (item,) = listed(ada).json["items"]
    assert datetime.fromisoformat(item["since"]) == begun


def test_all_administrators_are_told_and_nobody_else() -> None:
    ada = founder()
    member(ada.org_id, Role.ADMINISTRATOR, Role.SUPPORT, name="Vera")
    member(ada.org_id, Role.SUPPORT)
    founder("Wheel")
    take(message(ada.org_id, seen()))
    assert len(told()) == 2
    assert len({address for address, _ in told()}) == 2
    assert settings().operator_mail not in {address for address, _ in told()}


@pytest.mark.parametrize("org_id", [NOBODY, "org_empty"])
def test_where_there_is_no_administrator_the_operator_is_told_in_all_languages(org_id: str) -> None:
    take(message(org_id, seen()))
    ((address, letter),) = told()
    assert address == settings().operator_mail
    assert letter.count("usr_1") == 2


def test_once_however_often_it_comes() -> None:
    """PLAT-36."""
    ada = founder()
    once = message(ada.org_id, seen())
    assert take(once, once) == []
    assert take(once, message(ada.org_id, seen(number=11))) == []
    assert len(told()) == 1
    assert len(list(NoticeItem.scan(NoticeItem.kind == "guessing"))) == 1


def test_another_window_person_or_kind_is_another_notice() -> None:
    ada = founder()
    later = START + timedelta(minutes=10)
    for each in (seen(), seen(since=later), seen(subject="usr_2"), seen(SuspicionKind.BULK_READING)):
        take(message(ada.org_id, each))
    assert len(listed(ada).json["items"]) == 4
    assert len(told()) == 4


def test_a_letter_that_could_not_be_sent_is_sent_by_the_next_try(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-36: whoever dies between the notice and its letter loses nothing."""
    ada = founder()
    once = message(ada.org_id, seen())

    def fail(*_: str) -> None:
        raise ProviderUnavailable("AWS does not answer")

    with monkeypatch.context() as patched:
        patched.setattr(mail, "send", fail)
        assert take(once) == ["m0"]
    assert take(once) == ["m0"]
    assert told() == []
    clock.forward(seconds=notices.LEASE_S)
    assert take(once) == []
    assert len(told()) == 1
    assert take(once) == []
    assert len(told()) == 1


def test_an_address_that_is_refused_keeps_nothing_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = founder()
    member(ada.org_id, Role.ADMINISTRATOR)
    sent: list[str] = []

    def refuse_first(to: str, *_: str) -> None:
        sent.append(to)
        if len(sent) == 1:
            raise ProviderRejected("no")

    monkeypatch.setattr(mail, "send", refuse_first)
    assert take(message(ada.org_id, seen())) == []
    assert len(sent) == 2


def test_a_guesser_cannot_flood_the_mailbox(clock: Clock) -> None:
    """PLAT-36: guessing at a hundred accounts is a hundred notices and a few letters."""
    ada = founder()
    for number in range(100):
        assert take(message(ada.org_id, seen(subject=f"usr_{number}"))) == []
    assert len(told()) == notices.LETTERS_MOST
    assert len(listed(ada, limit="100").json["items"]) == 100
    clock.forward(seconds=notices.LETTERS_WINDOW_S)
    take(message(ada.org_id, seen(subject="usr_late")))
    assert len(told()) == notices.LETTERS_MOST + 1


def test_pages_of_notices_the_newest_first() -> None:
    ada, boris = founder(), founder("Wheel")
    for number in range(7):
        take(message(ada.org_id, seen(subject=f"usr_{number}", since=START + timedelta(minutes=number))))
    first = listed(ada, limit="4").json
    second = listed(ada, limit="4", cursor=first["next_cursor"]).json
    assert [item["subject"] for item in first["items"] + second["items"]] == [f"usr_{n}" for n in range(6, -1, -1)]
    assert "next_cursor" not in second
    assert listed(boris).json["items"] == []
    assert listed(boris, cursor=first["next_cursor"]).status == 422


@pytest.mark.parametrize("body", ["{}", '{"kind":"guessing","subject":"","number":1}'])
def test_what_is_no_suspicion_is_put_aside(body: str) -> None:
    good = message("org_lipa", seen())
    assert take(re.sub(r'"body":\{.*?\}', f'"body":{body}', good)) == []
    assert len(waiting("accounts-notices-dead")) == 1
    assert told() == []


@pytest.mark.parametrize("kind", list(SuspicionKind))
@pytest.mark.parametrize("language", ["ru", "en"])
def test_each_kind_has_its_words(kind: SuspicionKind, language: str) -> None:
    found = notices.text(seen(kind, about="203.0.113.0/24"), words(language), "usr_1")
    assert "usr_1" in found
    assert "{" not in found
