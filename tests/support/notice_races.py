"""Races of the audit log and of suspicion, on the embedded AWS that the environment names; prints how they ended.

Each of the threads knows nothing of what the others have counted, as processes would.
"""

from __future__ import annotations

import itertools
import json
import sys
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from functions.accounts.tables import NoticeItem
from functions.accounts.watch import notices
from functions.booking import public
from functions.booking.views import BookingRequest, SlotQuery
from infra import demo_data
from shared import audit, mail, suspicion
from shared.audit import Actor, AuditRow
from shared.bus import Envelope
from shared.errors import Contended, SvyazError
from tests.support import moto_aws

AT_ONCE = 20
ROUNDS = 3


def main() -> int:
    """What came of each race, as the last line."""
    moto_aws.create()
    demo_data.seed()
    found = {"crossings": crossings(), "deliveries": deliveries(), "bookings": bookings(), "floods": floods()}
    print(json.dumps(found))  # noqa: T201
    return 0


def at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each of many threads gave that began at the same moment; the name of an error where it failed."""
    barrier = Barrier(AT_ONCE)

    def run(number: int) -> Any:
        barrier.wait(30)
        try:
            return act(number)
        except SvyazError as error:
            return error.kind

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def crossings() -> list[int]:
    """How many notices each round of too many wrong passwords has sent."""
    told, suspicion._told = suspicion._told, dict  # type: ignore[assignment]
    sent = []
    for round_ in range(ROUNDS):
        at_once(lambda _, subject=f"usr_{round_}": suspicion.failed_login("org_lipa", subject))  # type: ignore[misc]
        sent.append(len(moto_aws.waiting(suspicion.QUEUE)))
    suspicion._told = told
    return sent


def deliveries() -> list[dict[str, int]]:
    """Notices, entries and letters of one message that came to many at once, and again when all was over."""
    letters: list[str] = []
    mail.send = lambda to, *_: letters.append(to)
    rounds = []
    for round_ in range(ROUNDS):
        letters.clear()
        suspicion.reused_token("org_lipa", f"usr_{round_}", "ses_1")
        (text,) = moto_aws.waiting(suspicion.QUEUE)
        message = Envelope.model_validate_json(text)
        ended = Counter(at_once(lambda _, message=message: notices.take(message)))  # type: ignore[misc]
        notices.take(message)
        subject = message.body["subject"]
        rounds.append(
            {
                "notices": len(list(NoticeItem.scan(NoticeItem.subject == subject))),
                "entries": len(list(AuditRow.scan(AuditRow.thing == subject))),
                "letters": len(letters),
                "odd": sum(ended.values()) - ended[None] - ended[Contended("").kind],
            }
        )
    return rounds


def bookings() -> list[dict[str, int]]:
    """Bookings of one time that many wanted, and the entries of its making."""
    rounds = []
    for round_ in range(ROUNDS):
        free = public.free_slots("anna", SlotQuery.model_validate({"service": "1"})).items[0].start
        request = BookingRequest(service="1", start=free, client_name="Olga")

        def book(number: int, request: BookingRequest = request, round_: int = round_) -> str:
            with audit.acting(Actor("guest", f"r{round_}-{number}", "http")):
                return public.book("anna", request, None, str(number), b"").id

        made = [found for found in at_once(book) if found.startswith("bkg_")]
        entries = list(AuditRow.scan(AuditRow.actor_id.startswith(f"r{round_}-")))
        rounds.append(
            {"made": len(made), "entries": len([row for row in entries if row.thing in made]), "all": len(entries)}
        )
    return rounds


def floods() -> int:
    """How many entries more than one a minute a flood of refusals has left, written by many that fold apart."""
    numbers = itertools.count()

    def refuse(_: int) -> None:
        for _again in range(5):
            audit._folded.names.clear()
            with audit.acting(Actor("guest", "", "http", address="203.0.113.7")):
                audit.write_folded("test.flood", str(next(numbers)), result="refused", reason="conflict")

    at_once(refuse)
    found = list(AuditRow.scan(AuditRow.action == "test.flood"))
    return len(found) - len({row.at for row in found}) if found else -1


if __name__ == "__main__":
    sys.exit(main())
