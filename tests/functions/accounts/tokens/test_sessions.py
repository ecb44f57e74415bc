"""Sessions: opened, ended by the person or by a change of what he is, moved to another organisation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from functions.accounts.tables import MemberItem, SessionItem, TotpItem, UserItem, org_key, user_key
from functions.accounts.tokens import access_tokens, refresh_tokens, sessions, standing
from shared import audit
from shared.audit import Actor
from shared.errors import NotFound, Unauthorized
from shared.tables import Transaction, find
from tests.support.aws_calls import refusing
from tests.support.clock import START, Clock, stopped
from tests.support.session_holder import HERE, ORG, USER, begin, caller, entries, is_in, opened, organisation


@pytest.fixture(autouse=True)
def clock(aws: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    """A clock that stands still; everything here is done by a person who is there."""
    found = stopped(monkeypatch)
    begin()
    with audit.acting(Actor("user", USER, "http", ORG)):
        yield found


# opening


def test_a_session_gives_tokens_of_the_membership() -> None:
    """PLAT-31."""
    tokens = opened()
    found = caller(tokens)
    assert (found.kind, found.subject, found.org_id) == ("user", USER, ORG)
    assert found.roles == ("administrator", "support")
    assert tokens.expires_in_s == 600
    [session] = sessions.sessions_of(USER)
    assert (session.id, session.org_id, session.generation) == (found.session_id, ORG, 1)
    assert (session.network, session.device, session.methods) == ("203.0.113.0/24", "Firefox on Linux", ("password",))
    assert (session.created_at, session.used_at, session.expires_at) == (START, START, START + timedelta(days=30))
    assert entries() == [("accounts.session.opened", session.id, "done")]


def test_without_a_choice_it_is_the_organisation_that_was_chosen_last() -> None:
    assert caller(opened("")).org_id == ORG


@pytest.mark.parametrize("org_id", ["org_3", "org_none"])
def test_one_who_belongs_to_no_such_organisation_has_none(org_id: str) -> None:
    organisation("org_3")
    found = caller(opened(org_id))
    assert (found.org_id, found.roles) == ("", ())


def test_a_role_that_needs_a_second_factor_is_not_given_without() -> None:
    """PLAT-32."""
    organisation(ORG, second_factor_roles=["administrator"])
    TotpItem(user_key(USER), "totp", secret="sealed", is_confirmed=True).save()
    without, with_it = caller(opened(ORG, "password")), caller(opened(ORG, "password", "totp"))
    assert (without.roles, without.needs_second_factor) == ((), True)
    assert (with_it.roles, with_it.needs_second_factor) == (("administrator", "support"), False)


@pytest.mark.parametrize("is_begun", [False, True])
def test_who_switches_it_off_again_keeps_no_role_that_needs_it(*, is_begun: bool) -> None:
    """PLAT-32: a session lives for ninety days; what was shown at its beginning is not enough for so long."""
    organisation(ORG, second_factor_roles=["administrator"])
    totp = TotpItem(user_key(USER), "totp", secret="sealed", is_confirmed=True)
    totp.save()
    tokens = opened(ORG, "password", "totp")
    totp.delete()
    if is_begun:
        TotpItem(user_key(USER), "totp", secret="another", is_confirmed=False).save()
    found = caller(sessions.refresh(tokens.refresh_token, HERE))
    assert (found.roles, found.needs_second_factor) == ((), True)


@pytest.mark.parametrize("user_id", [USER, "usr_unknown"])
def test_nobody_opens_one_for_a_person_who_is_gone(user_id: str) -> None:
    UserItem(user_key(USER), "user", created_at=START.isoformat(), status="removed").save()
    for org_id in ("", ORG):
        with pytest.raises(Unauthorized):
            sessions.open_session(user_id, org_id, ["password"], HERE)
    assert entries() == []


def test_no_token_is_stored() -> None:
    tokens = opened()
    [row] = SessionItem.query(user_key(USER), SessionItem.sk.startswith("session#"))
    stored = json.dumps(row.serialize())
    assert refresh_tokens.read(tokens.refresh_token).secret not in stored
    assert HERE.address not in stored


# ending


def test_an_end_takes_back_everything() -> None:
    """PLAT-31."""
    tokens, other = opened(), opened()
    session_id = caller(tokens).session_id
    sessions.end(USER, session_id)
    assert (is_in(tokens), is_in(other)) == (False, True)
    with pytest.raises(Unauthorized):
        sessions.refresh(tokens.refresh_token, HERE)
    assert ("accounts.session.ended", session_id, "done") in entries()
    with pytest.raises(NotFound):
        sessions.end(USER, session_id)


def test_an_end_that_others_are_in_the_way_of_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.contention.PAUSE_S", 0)
    tokens = opened()
    reasons = [{"Code": "TransactionConflict"}, {"Code": "None"}, {"Code": "None"}]
    operation, code = "TransactWriteItems", "TransactionCanceledException"
    with refusing("dynamodb", operation, code, times=2, CancellationReasons=reasons):
        sessions.end(USER, caller(tokens).session_id)
    assert not is_in(tokens)


def test_nobody_ends_anothers() -> None:
    tokens = opened()
    with pytest.raises(NotFound):
        sessions.end("usr_2", caller(tokens).session_id)
    assert is_in(tokens)


def test_logging_out_everywhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-31: more sessions than end in one transaction."""
    monkeypatch.setattr(sessions, "ENDED_AT_ONCE", 3)
    tokens = [opened() for _ in range(9)]
    kept = caller(tokens[7]).session_id
    assert sessions.end_all(USER, but=kept) == 8
    assert [session.id for session in sessions.sessions_of(USER)] == [kept]
    assert [is_in(each) for each in tokens].count(True) == 1
    assert is_in(tokens[7])
    assert sessions.end_all(USER) == 1
    assert sessions.end_all(USER) == 0


def test_sessions_are_listed_newest_first() -> None:
    ids = [caller(opened()).session_id for _ in range(5)]
    assert [session.id for session in sessions.sessions_of(USER)] == ids[::-1]


# moving, and changes of roles


def test_a_session_moves_to_another_organisation() -> None:
    tokens = opened()
    sessions.switch(USER, caller(tokens).session_id, "org_2")
    found = caller(sessions.refresh(tokens.refresh_token, HERE))
    assert (found.org_id, found.roles) == ("org_2", ("analyst",))
    assert caller(opened("")).org_id == "org_2"


def test_it_moves_nowhere_else() -> None:
    organisation("org_3")
    session_id = caller(opened()).session_id
    for moved, org_id in ((session_id, "org_3"), (session_id, "org_none"), (session_id, ""), ("ses_none", ORG)):
        with pytest.raises(NotFound):
            sessions.switch(USER, moved, org_id)
    assert find(SessionItem, user_key(USER), "session#ses_none") is None
    assert caller(opened("")).org_id == ORG


def change_roles(*roles: str) -> None:
    """Changes what the person is, with what becomes of his tokens."""
    transaction = Transaction()
    item = MemberItem(org_key(ORG, "members"), USER)
    transaction.update(item, [MemberItem.roles.set(" ".join(roles))])
    sessions.restamp(transaction, USER, ORG)
    transaction.commit()


def test_a_change_of_roles_ends_what_tells_otherwise() -> None:
    """PLAT-33: the session stays, its next tokens tell the new roles and hold at once."""
    tokens, elsewhere = opened(), opened("org_2")
    change_roles("support")
    assert (is_in(tokens), is_in(elsewhere)) == (False, True)
    assert caller(sessions.refresh(tokens.refresh_token, HERE)).roles == ("support",)
    assert caller(opened()).roles == ("support",)


def test_whoever_read_the_old_roles_during_the_change_gives_nothing_that_holds(
    monkeypatch: pytest.MonkeyPatch, clock: Clock
) -> None:
    """The worst order: old roles are read, they change, and the token is issued after that."""
    tokens, real = opened(), standing.standing

    def slow(*given: Any) -> Any:
        read = real(*given)
        clock.forward(seconds=2)
        change_roles("support")
        clock.forward(seconds=2)
        return read

    monkeypatch.setattr(sessions, "standing", slow)
    late = sessions.refresh(tokens.refresh_token, HERE)
    assert "administrator" in access_tokens.read(late.access_token, clock.moment).caller.roles
    assert not is_in(late)
    monkeypatch.setattr(sessions, "standing", real)
    assert caller(sessions.refresh(late.refresh_token, HERE)).roles == ("support",)
