"""What was done already is not done again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from shared import idempotency
from shared.errors import InvalidField
from shared.idempotency import AlreadyDone, Done
from shared.tables import Transaction, find
from tests.support.clock import Clock

pytestmark = pytest.mark.usefixtures("aws")
BODY = b'{"start":"10:00"}'


def once(scope: str, event_id: str, effect: str = "effect") -> None:
    """Has an effect the first time."""
    transaction = Transaction()
    idempotency.once(transaction, scope, event_id)
    transaction.put(Done(effect, effect))
    transaction.commit()


def keyed(scope: str, key: str, result: str, content: bytes = BODY) -> None:
    """Has an effect under a caller's key."""
    transaction = Transaction()
    idempotency.once_for_key(transaction, scope, key, content, result)
    transaction.commit()


# events


def test_an_event_has_its_effect_once() -> None:
    """PLAT-11."""
    once("telegram", "e1", "first")
    with pytest.raises(AlreadyDone):
        once("telegram", "e1", "second")
    assert find(Done, "second", "second") is None


def test_events_of_other_scopes_are_others() -> None:
    once("a", "e1")
    once("b", "e1")
    once("a", "e2")


def test_an_event_is_remembered_longer_than_messengers_repeat_it(clock: Clock) -> None:
    """WhatsApp sends again for seven days."""
    once("a", "e1")
    done = find(Done, "event#a", "e1")
    assert done is not None
    assert done.expires_at is not None
    assert timedelta(days=7) < timedelta(seconds=done.expires_at - clock.moment.timestamp()) <= timedelta(days=8)
    clock.forward(days=7)
    with pytest.raises(AlreadyDone):
        once("a", "e1")


def test_events_and_keys_do_not_meet() -> None:
    once("a", "k")
    keyed("a", "k", "bkg_1")


# keys of callers


def test_a_key_tells_what_it_made() -> None:
    """PLAT-12."""
    assert idempotency.result_of("ip:anna", "k", BODY) is None
    keyed("ip:anna", "k", "bkg_1")
    assert idempotency.result_of("ip:anna", "k", BODY) == "bkg_1"
    assert idempotency.result_of("other:anna", "k", BODY) is None
    assert idempotency.result_of("ip:anna", "K", BODY) is None


def test_the_first_of_two_requests_wins() -> None:
    keyed("s", "k", "bkg_1")
    with pytest.raises(AlreadyDone):
        keyed("s", "k", "bkg_2")
    assert idempotency.result_of("s", "k", BODY) == "bkg_1"


@pytest.mark.parametrize("content", [b"", BODY + b" ", b'{"start":"11:00"}', b"\xff"])
def test_the_same_key_with_another_body_is_refused(content: bytes) -> None:
    keyed("s", "k", "bkg_1")
    with pytest.raises(InvalidField):
        idempotency.result_of("s", "k", content)


def test_a_key_holds_for_a_day(clock: Clock) -> None:
    """Also while DynamoDB has not cleaned up yet."""
    keyed("s", "k", "bkg_1")
    clock.forward(hours=24)
    assert idempotency.result_of("s", "k", BODY) == "bkg_1"
    with pytest.raises(AlreadyDone):
        keyed("s", "k", "bkg_2")
    clock.forward(seconds=1)
    assert idempotency.result_of("s", "k", b"another") is None
    keyed("s", "k", "bkg_2", b"another")
    assert idempotency.result_of("s", "k", b"another") == "bkg_2"


def test_bodies_are_not_kept() -> None:
    keyed("s", "k", "bkg_1", "Анна +79990000000".encode())
    done = find(Done, "key#s", "k")
    assert done is not None
    assert "7999" not in str(done.attribute_values)


def test_fingerprints_tell_bodies_apart() -> None:
    assert idempotency.fingerprint(b"a") == idempotency.fingerprint(b"a") != idempotency.fingerprint(b"b")
