"""What was revoked is refused within seconds, also by processes that began earlier, and while the database is away."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest

from shared import revocations
from shared.clock import epoch_ms
from shared.errors import ProviderThrottled, ProviderUnavailable
from shared.revocations import KEPT, Revocation, is_revoked
from shared.tables import Transaction
from tests.support.aws_calls import refusing, watched
from tests.support.clock import START, Clock

pytestmark = pytest.mark.usefixtures("aws", "seconds")
SESSION, OTHER = "ses_1", "ses_2"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def seconds(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """What the process's own clock shows."""
    found = SimpleNamespace(now=1000.0)
    monkeypatch.setattr("shared.revocations.time", SimpleNamespace(monotonic=lambda: found.now))
    return found


def revoke(subject: str, before: datetime | None = None) -> None:
    """Revokes in a transaction of its own."""
    transaction = Transaction()
    revocations.revoke(transaction, subject, before)
    transaction.commit()


def test_nothing_is_revoked_at_first(clock: Clock) -> None:
    assert not is_revoked(SESSION, START)


def test_for_ever_is_whatever_was_given(clock: Clock) -> None:
    revoke(SESSION)
    assert is_revoked(SESSION, START)
    assert is_revoked(SESSION, START + timedelta(days=10))
    assert not is_revoked(OTHER, START)


def test_before_a_moment_is_what_was_given_earlier(clock: Clock) -> None:
    revoke(SESSION, START)
    assert is_revoked(SESSION, START - timedelta(milliseconds=1))
    assert not is_revoked(SESSION, START)


def test_moments_count_by_the_millisecond(clock: Clock) -> None:
    for micros in range(0, 1_000_000, 997):
        moment = START + timedelta(microseconds=micros)
        revoked = Revocation("revoked", "x", before_ms=epoch_ms(moment))
        assert epoch_ms(moment) >= revoked.before_ms
        assert epoch_ms(moment - timedelta(milliseconds=1)) < revoked.before_ms


def test_several_revocations_add_up(clock: Clock) -> None:
    revoke(SESSION, START + 2 * SECOND)
    revoke(SESSION, START - SECOND)
    assert is_revoked(SESSION, START + SECOND)
    revoke(OTHER, START)
    revoke(OTHER)
    revocations.forget()
    assert is_revoked(OTHER, START + timedelta(days=1))


def test_the_change_that_revokes_fails_with_it(clock: Clock) -> None:
    transaction = Transaction()
    revocations.revoke(transaction, SESSION)
    with refusing("dynamodb", "TransactWriteItems", "InternalServerError", 500), pytest.raises(ProviderUnavailable):
        transaction.commit()
    assert not is_revoked(SESSION, START)


# one query a quarter of a minute


def test_a_process_asks_once_in_15_seconds(clock: Clock, seconds: SimpleNamespace) -> None:
    with watched("dynamodb") as calls:
        for step in range(60):
            is_revoked(SESSION, START)
            seconds.now += 0.5
            clock.forward(0.5)
            assert len(calls) == 1 + step // 30
    assert {name for name, _ in calls} == {"Query"}
    assert all(given["ConsistentRead"] for _, given in calls)


def test_a_process_learns_within_15_seconds(clock: Clock, seconds: SimpleNamespace) -> None:
    """PLAT-31: with the 20 seconds that API Gateway keeps an answer, well within a minute."""
    assert not is_revoked(SESSION, START)
    revoke(SESSION)
    seconds.now += 14.9
    assert not is_revoked(SESSION, START)
    seconds.now += 0.1
    assert is_revoked(SESSION, START)


def test_only_what_is_new_is_asked_for(clock: Clock, seconds: SimpleNamespace) -> None:
    for number in range(30):
        revoke(f"ses_old_{number}")
    is_revoked(SESSION, START)
    clock.forward(minutes=5)
    seconds.now += 300
    revoke(SESSION)
    with watched("dynamodb") as calls:
        assert is_revoked(SESSION, START)
        assert is_revoked("ses_old_7", START)
    [(_, asked)] = calls
    values = asked["ExpressionAttributeValues"].values()
    since_ms = max(int(value["S"]) for value in values if value["S"].isdigit())
    assert since_ms == epoch_ms(START) - 60_000


def test_an_entry_that_appears_late_is_seen(clock: Clock, seconds: SimpleNamespace) -> None:
    """A transaction is made ready, and carried out when others have read the list meanwhile."""
    slow = Transaction()
    revocations.revoke(slow, SESSION)
    clock.forward(30)
    seconds.now += 30
    assert not is_revoked(SESSION, START)
    slow.commit()
    clock.forward(16)
    seconds.now += 16
    assert is_revoked(SESSION, START)


def test_a_clock_that_is_put_back_hides_nothing(clock: Clock, seconds: SimpleNamespace) -> None:
    """Stage `local` moves its clock."""
    clock.forward(days=3)
    assert not is_revoked(SESSION, START)
    clock.forward(days=-3)
    revoke(SESSION)
    seconds.now += 15
    assert is_revoked(SESSION, START)


# what fades


def test_an_entry_outlives_all_that_it_concerns(clock: Clock) -> None:
    """Access tokens live for 10 minutes, a WebSocket for 2 hours and 10 minutes."""
    assert timedelta(hours=2, minutes=10) < KEPT
    revoke(SESSION)
    assert is_revoked(SESSION, START)
    clock.forward(seconds=KEPT.total_seconds() - 1)
    assert is_revoked(SESSION, START)
    revocations.forget()
    assert is_revoked(SESSION, START)


def test_what_has_faded_is_dropped_though_it_is_stored(clock: Clock, seconds: SimpleNamespace) -> None:
    revoke(SESSION)
    assert is_revoked(SESSION, START)
    clock.forward(seconds=KEPT.total_seconds())
    assert not is_revoked(SESSION, START)
    seconds.now += 15
    assert not is_revoked(SESSION, START)
    assert revocations._known().entries == {}
    assert len(list(Revocation.query("revoked"))) == 1


# while the database is away


def test_the_list_is_trusted_for_35_seconds(clock: Clock, seconds: SimpleNamespace) -> None:
    """20 s in API Gateway and 35 s here are less than a minute; after that nobody gets in."""
    revoke(SESSION)
    assert is_revoked(SESSION, START)
    with refusing("dynamodb", "Query", "InternalServerError", 500):
        for _ in range(34):
            seconds.now += 1
            assert is_revoked(SESSION, START)
            assert not is_revoked(OTHER, START)
        seconds.now += 1
        for subject in (SESSION, OTHER):
            with pytest.raises(ProviderUnavailable):
                is_revoked(subject, START)
    seconds.now += 3
    assert not is_revoked(OTHER, START)


def test_a_process_that_never_read_the_list_lets_nobody_in(clock: Clock, seconds: SimpleNamespace) -> None:
    with refusing("dynamodb", "Query", "ThrottlingException"), pytest.raises(ProviderUnavailable):
        is_revoked(OTHER, START)
    seconds.now += 3
    assert not is_revoked(OTHER, START)


def test_a_database_in_trouble_is_not_asked_all_the_time(clock: Clock, seconds: SimpleNamespace) -> None:
    is_revoked(OTHER, START)
    seconds.now += 15
    with refusing("dynamodb", "Query", "ThrottlingException"), watched("dynamodb") as calls:
        for _ in range(100):
            is_revoked(OTHER, START)
            seconds.now += 0.1
    assert len(calls) == 4


# changes of what somebody is


def test_what_is_given_while_a_change_is_under_way_is_refused(clock: Clock) -> None:
    """PLAT-33: somebody reads the old roles a moment before they change, and issues a token a moment after."""
    transaction = Transaction()
    revocations.revoke_given_so_far(transaction, SESSION)
    clock.forward(seconds=9)
    given_at = clock.forward(seconds=1)
    transaction.commit()
    assert is_revoked(SESSION, given_at)


def test_what_is_given_after_a_change_was_seen_holds(clock: Clock) -> None:
    transaction = Transaction()
    revocations.revoke_given_so_far(transaction, SESSION)
    transaction.commit()
    settled = revocations.settled_after(SESSION)
    assert settled is not None
    assert not is_revoked(SESSION, settled)
    assert is_revoked(SESSION, settled - timedelta(milliseconds=1))


def test_whoever_asks_what_is_settled_asks_the_database(clock: Clock) -> None:
    assert revocations.settled_after(SESSION) is None
    revoke(SESSION, START - SECOND)
    revoke(SESSION, START)
    revoke(SESSION)
    assert revocations.settled_after(SESSION) == START
    with refusing("dynamodb", "Query", "ThrottlingException"), pytest.raises(ProviderThrottled):
        revocations.settled_after(SESSION)
