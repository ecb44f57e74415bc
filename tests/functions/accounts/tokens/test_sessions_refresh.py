"""Refresh tokens of sessions: each works once, and one that comes again ends its session."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.accounts.tables import MemberItem, SessionItem, UserItem, org_key, user_key
from functions.accounts.tokens import sessions, standing
from shared import audit, suspicion
from shared.audit import Actor, AuditRow
from shared.errors import Contended, ProviderUnavailable, Unauthorized
from tests.support.aws_calls import refusing
from tests.support.clock import START, Clock, stopped
from tests.support.session_holder import HERE, ORG, THERE, USER, begin, caller, is_in, join, opened, organisation


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """A clock that stands still; everything here is done by a person who is there."""
    found = stopped(monkeypatch)
    begin()
    with audit.acting(Actor("user", USER, "http", ORG)):
        yield found


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, str]]:
    """What was told as suspicious."""
    found: list[tuple[str, str, str]] = []
    monkeypatch.setattr(suspicion, "reused_token", lambda *given: found.append(given))
    return found


def test_a_refresh_token_gives_the_next_ones(clock: Clock) -> None:
    first = opened()
    moment = clock.forward(minutes=5)
    second = sessions.refresh(first.refresh_token, THERE)
    assert second.refresh_token != first.refresh_token
    assert caller(second) == caller(first)
    [session] = sessions.sessions_of(USER)
    assert (session.generation, session.used_at, session.expires_at) == (2, moment, moment + timedelta(days=30))
    assert (session.network, session.device) == ("198.51.100.0/24", "Chrome on Android")
    third = sessions.refresh(second.refresh_token, HERE)
    assert is_in(third)


def test_a_refresh_sees_what_has_changed() -> None:
    tokens = opened()
    join(ORG, "analyst")
    tokens = sessions.refresh(tokens.refresh_token, HERE)
    assert caller(tokens).roles == ("analyst",)
    organisation(ORG, second_factor_roles=["analyst"])
    tokens = sessions.refresh(tokens.refresh_token, HERE)
    assert caller(tokens).needs_second_factor
    MemberItem(org_key(ORG, "members"), USER).delete()
    tokens = sessions.refresh(tokens.refresh_token, HERE)
    assert caller(tokens).org_id == ""


def test_a_token_that_comes_again_ends_its_session(told: list[tuple[str, str, str]]) -> None:
    """PLAT-31: whoever of the two is the thief, nobody keeps the session."""
    first = opened()
    session_id = caller(first).session_id
    second = sessions.refresh(first.refresh_token, HERE)
    with pytest.raises(Unauthorized):
        sessions.refresh(first.refresh_token, THERE)
    assert not is_in(first)
    assert not is_in(second)
    with pytest.raises(Unauthorized):
        sessions.refresh(second.refresh_token, HERE)
    assert sessions.sessions_of(USER) == []
    assert told == [(ORG, USER, session_id)]
    [row] = [row for row in AuditRow.scan() if row.action == "accounts.session.reused"]
    assert (row.actor_id, row.thing, row.result, row.network) == (USER, session_id, "refused", "198.51.100.0/24")


def test_much_older_ones_end_it_too(told: list[tuple[str, str, str]]) -> None:
    first = opened()
    tokens = first
    for _ in range(5):
        tokens = sessions.refresh(tokens.refresh_token, HERE)
    with pytest.raises(Unauthorized):
        sessions.refresh(first.refresh_token, HERE)
    assert not is_in(tokens)
    assert len(told) == 1


def test_other_sessions_do_not_care() -> None:
    first, other = opened(), opened()
    sessions.refresh(first.refresh_token, HERE)
    with pytest.raises(Unauthorized):
        sessions.refresh(first.refresh_token, HERE)
    assert is_in(other)
    assert is_in(sessions.refresh(other.refresh_token, HERE))


def test_a_made_up_token_changes_nothing(told: list[tuple[str, str, str]]) -> None:
    tokens = opened()
    for text in (tokens.refresh_token[:-1], tokens.access_token, "made-up", ""):
        with pytest.raises(Unauthorized):
            sessions.refresh(text, THERE)
    assert (is_in(tokens), told) == (True, [])


def test_a_genuine_token_with_another_secret_is_refused(told: list[tuple[str, str, str]]) -> None:
    """As after a restore of the table from a copy."""
    tokens = opened()
    [row] = SessionItem.query(user_key(USER), SessionItem.sk.startswith("session#"))
    row.update([SessionItem.refresh_digest.set("another")])
    with pytest.raises(Unauthorized):
        sessions.refresh(tokens.refresh_token, HERE)
    assert (is_in(tokens), told) == (True, [])


@pytest.mark.parametrize(("idle_days", "is_good"), [(29.9, True), (30, False), (300, False)])
def test_a_session_ends_after_a_month_unused(clock: Clock, idle_days: float, *, is_good: bool) -> None:
    """Also while DynamoDB has not cleaned it up."""
    tokens = opened()
    clock.forward(days=idle_days)
    assert len(sessions.sessions_of(USER)) == is_good
    if is_good:
        assert is_in(sessions.refresh(tokens.refresh_token, HERE))
    else:
        with pytest.raises(Unauthorized):
            sessions.refresh(tokens.refresh_token, HERE)


def test_a_session_ends_after_three_months_however_it_is_used(clock: Clock) -> None:
    tokens = opened()
    for _ in range(8):
        clock.forward(days=11)
        tokens = sessions.refresh(tokens.refresh_token, HERE)
    [session] = sessions.sessions_of(USER)
    assert session.expires_at == START + timedelta(days=90)
    clock.forward(days=2)
    assert sessions.sessions_of(USER) == []
    with pytest.raises(Unauthorized):
        sessions.refresh(tokens.refresh_token, HERE)


def test_a_person_who_is_gone_refreshes_nothing() -> None:
    tokens = opened()
    UserItem(user_key(USER), "user", created_at=START.isoformat(), status="removed").save()
    with pytest.raises(Unauthorized):
        sessions.refresh(tokens.refresh_token, HERE)


def test_a_refresh_that_fails_halfway_uses_nothing_up() -> None:
    tokens = opened()
    with refusing("dynamodb", "UpdateItem", "InternalServerError", 500), pytest.raises(ProviderUnavailable):
        sessions.refresh(tokens.refresh_token, HERE)
    assert is_in(sessions.refresh(tokens.refresh_token, HERE))


def test_a_session_that_others_hold_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.contention.PAUSE_S", 0)
    tokens = opened()
    with refusing("dynamodb", "UpdateItem", "TransactionConflictException", times=2):
        tokens = sessions.refresh(tokens.refresh_token, HERE)
    with refusing("dynamodb", "UpdateItem", "TransactionConflictException"), pytest.raises(Contended):
        sessions.refresh(tokens.refresh_token, HERE)
    assert is_in(sessions.refresh(tokens.refresh_token, HERE))


def test_an_end_for_reuse_that_fails_is_made_up_for(
    monkeypatch: pytest.MonkeyPatch, told: list[tuple[str, str, str]]
) -> None:
    """The session, its revocation and the audit's entry go together."""
    first = opened()
    second = sessions.refresh(first.refresh_token, HERE)
    with refusing("dynamodb", "TransactWriteItems", "InternalServerError", 500), pytest.raises(ProviderUnavailable):
        sessions.refresh(first.refresh_token, HERE)
    assert (is_in(second), told) == (True, [])
    with pytest.raises(Unauthorized):
        sessions.refresh(first.refresh_token, HERE)
    assert (is_in(second), len(told)) == (False, 1)


def test_of_two_who_have_read_the_same_the_later_one_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first = opened()
    real, winners = standing.standing, []

    def slow(*given: Any) -> Any:
        monkeypatch.setattr(sessions, "standing", real)
        winners.append(sessions.refresh(first.refresh_token, HERE))
        return real(*given)

    monkeypatch.setattr(sessions, "standing", slow)
    with pytest.raises(Unauthorized):
        sessions.refresh(first.refresh_token, THERE)
    [winner] = winners
    assert not is_in(winner)
    assert sessions.sessions_of(USER) == []
