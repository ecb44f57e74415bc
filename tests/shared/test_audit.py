"""The audit log: what an entry holds, and that it stands or falls with its change."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pynamodb.exceptions import PutError, TransactWriteError

from infra.packaging.grants import GRANTS
from shared import audit, log
from shared.audit import NOBODY, Actor, AuditRow
from shared.clock import epoch_s
from shared.errors import Conflict, Contended, ProviderUnavailable
from shared.tables import Transaction
from tests.shared.things import Thing
from tests.support.aws_calls import refusing
from tests.support.clock import START, Clock
from tests.support.logs import counted

pytestmark = pytest.mark.usefixtures("aws")
USER = Actor("user", "usr_1", "http", "org_lipa", "203.0.113.7")
GUEST = Actor("guest", "", "http", address="203.0.113.7")


def entries() -> list[AuditRow]:
    """Everything that was written, in order of time."""
    return sorted(AuditRow.scan(), key=lambda row: row.sk)


def test_an_entry_says_who_what_on_what_when_from_where_and_how_it_ended(clock: Clock) -> None:
    """PLAT-35."""
    with audit.acting(USER), log.context(correlation_id="cor_1"):
        audit.write("booking.booking.cancelled", "bkg_1", result="refused", reason="conflict")
    (row,) = entries()
    assert (row.actor_kind, row.actor_id, row.way, row.org_id) == ("user", "usr_1", "http", "org_lipa")
    assert (row.action, row.thing, row.result, row.reason) == (
        "booking.booking.cancelled",
        "bkg_1",
        "refused",
        "conflict",
    )
    assert datetime.fromisoformat(row.at) == START
    assert (row.network, row.correlation_id) == ("203.0.113.0/24", "cor_1")
    assert row.id.startswith("aud_")
    assert row.expires_at == epoch_s(START + timedelta(days=1095))


def test_no_whole_address_stands_in_it() -> None:
    """PLAT-22."""
    with audit.acting(USER):
        audit.write("x.y", "z")
    (row,) = entries()
    assert USER.address not in str(row.attribute_values)
    with audit.acting(Actor("user", "usr_2", "http", address="203.0.113.8")):
        audit.write("x.y", "z")
    assert len({row.place for row in entries()}) == 2


def test_a_guest_is_known_by_his_place_alone() -> None:
    for address in ("203.0.113.7", "203.0.113.7", "203.0.113.8", ""):
        with audit.acting(Actor("guest", "", "http", address=address)):
            audit.write("x.y", "z")
    assert len({row.actor_id for row in entries()}) == 3
    assert all(row.org_id == NOBODY for row in entries())


def test_where_nobody_is_named_the_system_acts() -> None:
    audit.write("x.y", "z")
    (row,) = entries()
    assert (row.actor_kind, row.actor_id, row.way) == ("system", "svyaz", "system")


def test_what_concerns_an_organisation_is_written_there_and_what_is_anothers_stays() -> None:
    with audit.acting(Actor("guest", "", "http")):
        audit.concerns("org_lipa")
        audit.concerns("org_wheel")
        audit.write("x.y", "z")
    assert [row.org_id for row in entries()] == ["org_lipa"]


def test_entry_and_change_stand_together() -> None:
    """PLAT-35."""
    transaction = Transaction()
    transaction.create(Thing("t", "1"), otherwise=Conflict("there"))
    with audit.acting(USER), audit.counted() as written:
        audit.add(transaction, "x.made", "t1", way="link")
        assert written.number == 0
        transaction.commit()
    assert written.number == 1
    assert [(row.action, row.way) for row in entries()] == [("x.made", "link")]


def test_an_entry_falls_with_its_change() -> None:
    """PLAT-35."""
    Thing("t", "1").save()
    transaction = Transaction()
    transaction.create(Thing("t", "1"), otherwise=Conflict("there"))
    with audit.counted() as written:
        audit.add(transaction, "x.made", "t1")
        with pytest.raises(Conflict):
            transaction.commit()
    assert (written.number, entries()) == (0, [])


@pytest.mark.parametrize(
    ("code", "status", "told"),
    [("TransactionConflictException", 400, Contended), ("InternalServerError", 500, ProviderUnavailable)],
)
def test_a_database_that_breaks_off_leaves_neither(code: str, status: int, told: type[Exception]) -> None:
    """PLAT-35."""
    transaction = Transaction()
    transaction.create(Thing("t", "1"))
    with audit.counted() as written, refusing("dynamodb", "TransactWriteItems", code, status):
        audit.add(transaction, "x.made", "t1")
        with pytest.raises(told):
            transaction.commit()
    assert (written.number, entries(), list(Thing.scan())) == (0, [], [])


def test_a_change_does_not_stand_where_its_entry_cannot(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """PLAT-35."""
    monkeypatch.setattr("shared.audit.new_id", lambda prefix: f"{prefix}_1")
    audit.write("x.first", "z")
    transaction = Transaction()
    transaction.create(Thing("t", "1"))
    audit.add(transaction, "x.made", "t1")
    with pytest.raises(TransactWriteError):
        transaction.commit()
    assert list(Thing.scan()) == []


def test_entries_are_counted_for_the_innermost_who_asks() -> None:
    with audit.counted() as outer:
        audit.write("x.y", "1")
        with audit.counted() as inner, audit.acting(USER):
            audit.write("x.y", "2")
    assert (outer.number, inner.number) == (1, 1)


def test_an_entry_is_never_written_over(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> None:
    """PLAT-35: not even where two had one id."""
    monkeypatch.setattr("shared.audit.new_id", lambda prefix: f"{prefix}_1")
    audit.write("x.first", "z")
    with pytest.raises(PutError):
        audit.write("x.second", "z")
    transaction = Transaction()
    audit.add(transaction, "x.third", "z")
    with pytest.raises(TransactWriteError):
        transaction.commit()
    assert [row.action for row in entries()] == ["x.first"]


def test_a_flood_leaves_one_entry_a_minute_place_action_and_reason(
    clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    """PLAT-35: what anybody may send any number of times costs no write each."""
    for address in ("203.0.113.7", "203.0.113.8"):
        for reason in ("not-found", "conflict"):
            for number in range(20):
                with audit.acting(Actor("guest", "", "http", address=address)):
                    audit.write_folded("x.y", f"thing{number}", result="refused", reason=reason)
    assert len(entries()) == 4
    assert len(counted(capsys.readouterr().out, "AuditFolded")) == 76
    assert {row.thing for row in entries()} == {"thing0"}
    assert {row.at for row in entries()} == {"2026-03-02T10:20:00.000000+00:00"}
    clock.forward(minutes=1)
    with audit.acting(GUEST):
        audit.write_folded("x.y", "z", result="refused", reason="conflict")
    assert len(entries()) == 5


def test_processes_fold_into_the_same_entry(clock: Clock) -> None:
    for _ in range(3):
        with audit.acting(GUEST):
            audit.write_folded("x.y", "z", result="refused", reason="conflict")
        audit._folded.names.clear()
    assert len(entries()) == 1


def test_a_process_writes_so_many_folded_ones_a_minute_and_no_more(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "FOLDED_MOST", 5)
    for number in range(9):
        with audit.acting(Actor("guest", "", "http", address=f"203.0.113.{number}")):
            audit.write_folded("x.y", "z", result="refused", reason="conflict")
    assert len(entries()) == 5


@given(thing=st.text(max_size=300))
def test_a_things_name_is_short_and_plain_whatever_an_address_held(thing: str) -> None:
    found = audit._plain(thing)
    assert 1 <= len(found) <= audit.MAX_THING
    assert found.isascii()
    assert "#" not in found
    assert found.isprintable()


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("::ffff:203.0.113.7", "203.0.113.0/24"),
        ("fe80::1%eth0", "fe80::/48"),
        ("", ""),
        ("made up", ""),
    ],
)
def test_a_network_names_no_single_line(address: str, network: str) -> None:
    assert audit.network(address) == network


def test_months_and_moments_sort_as_time_does() -> None:
    moments = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=13 * n, microseconds=n) for n in range(200)]
    assert sorted(map(audit.moment_key, moments)) == list(map(audit.moment_key, moments))
    assert audit.month_key("org_lipa", moments[0]) == "org#org_lipa#audit#2026-01"


def test_no_function_may_change_or_remove_an_entry() -> None:
    """PLAT-35: unchangeable."""
    actions = {
        action
        for grants in GRANTS.values()
        for grant in grants
        if any(":table/" in arn and "-audit" in arn.partition(":table/")[2] for arn in grant.on)
        for action in grant.actions
    }
    assert actions <= {"dynamodb:PutItem", "dynamodb:Query"}
    assert "dynamodb:PutItem" in actions


def test_an_entry_stays_within_one_write_unit() -> None:
    """It is written with every effect, and once more into each index."""
    ids = {prefix: f"{prefix}_{'0' * 32}" for prefix in ("usr", "org", "bkg", "cor")}
    with (
        audit.acting(Actor("client", ids["usr"], "socket", ids["org"], "2001:db8:1:2::3")),
        log.context(correlation_id=ids["cor"]),
    ):
        audit.write("booking.booking.cancelled", ids["bkg"], result="refused", reason="provider-unavailable")
    (row,) = entries()
    stored = {name: str(value) for name, value in row.attribute_values.items() if value is not None}
    assert sum(len(name) + len(value) for name, value in stored.items()) < 1024
