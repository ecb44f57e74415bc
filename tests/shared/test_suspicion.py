"""Suspicion: what is too much is told once, and the request that is watched never fails of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from shared import sandbox, suspicion
from shared.bus import Envelope, Suspicion, SuspicionKind
from shared.limits import Counter
from tests.support.aws_calls import refusing, watched
from tests.support.clock import START, Clock
from tests.support.logs import Lines
from tests.support.moto_aws import waiting

pytestmark = pytest.mark.usefixtures("aws", "clock")
Detect = Callable[[], None]


def told() -> list[tuple[Envelope, Suspicion]]:
    """What was sent, taken out of the queue."""
    found = [Envelope.model_validate_json(body) for body in waiting(suspicion.QUEUE)]
    return [(message, message.read(Suspicion)) for message in found]


def forget() -> None:
    """As another process would begin."""
    suspicion._told().clear()
    suspicion._unwritten().clear()


CASES: list[tuple[SuspicionKind, Detect, int]] = [
    (SuspicionKind.GUESSING, lambda: suspicion.failed_login("org_lipa", "usr_1"), suspicion.FAILED_LOGINS),
    (SuspicionKind.REFUSED_RIGHTS, lambda: suspicion.refused("org_lipa", "usr_1"), suspicion.REFUSALS),
    (SuspicionKind.REUSED_TOKEN, lambda: suspicion.reused_token("org_lipa", "usr_1", "ses_1"), 1),
    (SuspicionKind.STRANGE_PLACE, lambda: suspicion.strange_place("org_lipa", "usr_1", "203.0.113.0/24"), 1),
]


@pytest.mark.parametrize(("kind", "detect", "most"), CASES)
def test_the_threshold_is_told_once_a_window(kind: SuspicionKind, detect: Detect, most: int, clock: Clock) -> None:
    """PLAT-36."""
    for _ in range(most - 1):
        detect()
    assert told() == []
    for _ in range(most * 3):
        detect()
    ((message, body),) = told()
    assert (message.type, message.org_id, message.actor) == ("accounts.suspicion", "org_lipa", "usr_1")
    assert (body.kind, body.subject, body.number) == (kind, "usr_1", most)
    assert body.since <= START
    assert body.window_s in {suspicion.WINDOW_S, suspicion.DAY_S}
    clock.forward(seconds=body.window_s)
    for _ in range(most):
        detect()
    assert len(told()) == 1


@pytest.mark.parametrize(("kind", "detect", "most"), CASES)
def test_processes_count_together(kind: SuspicionKind, detect: Detect, most: int) -> None:
    for _ in range(most * 2):
        detect()
        forget()
    assert len(told()) == 1


def test_people_and_organisations_are_counted_apart() -> None:
    for _ in range(suspicion.FAILED_LOGINS - 1):
        for org_id, subject in (("org_lipa", "usr_1"), ("org_lipa", "usr_2"), ("org_wheel", "usr_1")):
            suspicion.failed_login(org_id, subject)
    assert told() == []


def test_a_strange_place_says_which_and_a_hundred_of_them_are_one_notice_a_day() -> None:
    for number in range(100):
        suspicion.strange_place("org_lipa", "usr_1", f"203.0.{number}.0/24")
    ((_, body),) = told()
    assert body.about == "203.0.0.0/24"


def test_each_reused_session_is_told_for_itself() -> None:
    for session_id in ("ses_1", "ses_2", "ses_1"):
        suspicion.reused_token("org_lipa", "usr_1", session_id)
    assert [body.about for _, body in told()] == ["ses_1", "ses_2"]


def test_what_belongs_to_no_organisation_is_told_too() -> None:
    suspicion.reused_token("", "usr_1", "ses_1")
    ((message, _),) = told()
    assert message.org_id == "org_none"


def test_once_told_a_flood_costs_no_writes() -> None:
    for _ in range(suspicion.REFUSALS):
        suspicion.refused("org_lipa", "usr_1")
    with watched("dynamodb") as calls:
        for _ in range(50):
            suspicion.refused("org_lipa", "usr_1")
    assert calls == []


def test_reading_costs_a_write_only_every_so_many_rows() -> None:
    with watched("dynamodb") as calls:
        for _ in range(suspicion.READ_STRIDE * 4):
            suspicion.read("org_lipa", "usr_1", 1)
    assert len(calls) == 4
    assert [int(row.number) for row in Counter.scan()] == [200]


def test_reading_in_bulk_is_told() -> None:
    """PLAT-36."""
    for _ in range(suspicion.READ_ROWS // 100 - 1):
        suspicion.read("org_lipa", "usr_1", 100)
    assert told() == []
    suspicion.read("org_lipa", "usr_1", 10_000)
    ((_, body),) = told()
    assert (body.kind, body.number) == (SuspicionKind.BULK_READING, suspicion.READ_ROWS - 100 + 10_000)


def test_what_a_test_key_does_is_really_told() -> None:
    """It reads what is real: the letter to the administrators does not stay in the sandbox."""
    with sandbox.testing("org_lipa"):
        suspicion.read("org_lipa", "key_1", suspicion.READ_ROWS)
    ((message, _),) = told()
    assert not message.is_test


def test_slow_reading_is_not(clock: Clock) -> None:
    for _ in range(20):
        suspicion.read("org_lipa", "usr_1", suspicion.READ_ROWS - 1)
        clock.forward(seconds=suspicion.WINDOW_S)
    assert told() == []


@pytest.mark.parametrize("service", ["dynamodb", "sqs"])
def test_the_watched_request_goes_on_whatever_breaks(service: str, logged: Lines) -> None:
    """PLAT-36: and what could not be told is told by the next."""
    operation = "UpdateItem" if service == "dynamodb" else "SendMessage"
    with refusing(service, operation, "AccessDeniedException"):
        for _ in range(suspicion.FAILED_LOGINS):
            suspicion.failed_login("org_lipa", "usr_1")
        suspicion.read("org_lipa", "usr_1", 10_000)
    assert logged.named("suspicion.failed")
    assert told() == []
    for _ in range(suspicion.FAILED_LOGINS):
        suspicion.failed_login("org_lipa", "usr_1")
    assert len(told()) == 1


def test_an_empty_or_endless_crowd_is_bounded_in_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspicion, "KEPT_MOST", 10)
    for number in range(100):
        suspicion.read("org_lipa", f"usr_{number}", 1)
        suspicion.reused_token("org_lipa", f"usr_{number}", "ses_1")
    assert len(suspicion._unwritten()) <= 10
    assert len(suspicion._told()) <= 10


def test_no_address_stands_in_a_counter_that_came_as_an_id() -> None:
    suspicion.failed_login("org_lipa", "usr_1")
    (row,) = Counter.scan()
    assert row.pk == "suspicion#guessing#org_lipa#usr_1"
    assert row.expires_at > START.timestamp()


@pytest.mark.parametrize("subject", ["", "u" * 81])
def test_what_cannot_be_an_id_is_not_told_and_breaks_nothing(subject: str, logged: Lines) -> None:
    suspicion.reused_token("org_lipa", subject, "ses_1")
    assert told() == []
    assert logged.named("suspicion.failed")
