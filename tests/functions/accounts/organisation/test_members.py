"""Members: listed, changed and removed; the last administrator stays, and nobody gives what he has not."""

from __future__ import annotations

import json

import pytest

from functions.accounts.api.members import api
from functions.accounts.authorizer import caller_of
from functions.accounts.models import Membership
from functions.accounts.organisation import members, membership, teams
from functions.accounts.organisation.members import Change
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from shared import audit, revocations
from shared.errors import Contended, Forbidden, InvalidField, NotFound, RuleViolation, Unauthorized
from shared.identity import Caller
from shared.rights import Right, Role
from tests.functions.accounts import meanwhile
from tests.support.signed_in import ask, founder, key, member, person

pytestmark = pytest.mark.usefixtures("aws")
MEMBERS = "/v1/accounts/members"


def _roles(ada: Caller, user_id: str) -> tuple[str, ...]:
    return members.find_member(ada.org_id, user_id).membership.roles


def test_members_are_listed_page_by_page_with_names_and_addresses() -> None:
    ada = founder()
    others = {member(ada.org_id, Role.SUPPORT, name=f"Person {number}").subject for number in range(4)}
    first = ask(api, ada, "GET", MEMBERS, query=[("limit", "3")]).json
    second = ask(api, ada, "GET", MEMBERS, query=[("limit", "3"), ("cursor", first["next_cursor"])]).json
    assert "next_cursor" not in second
    items = first["items"] + second["items"]
    assert {item["user_id"] for item in items} == others | {ada.subject}
    assert sorted(item["name"] for item in items) == ["Ada", *(f"Person {number}" for number in range(4))]
    assert all("@example.org" in item["email"] for item in items)


def test_a_cursor_of_another_organisation_is_refused() -> None:
    ada, boris = founder("Lipa"), founder("Wheel")
    member(ada.org_id, Role.SUPPORT)
    given = ask(api, ada, "GET", MEMBERS, query=[("limit", "1")]).json["next_cursor"]
    assert ask(api, boris, "GET", MEMBERS, query=[("cursor", given)]).status == 422


def test_a_member_gets_other_roles_and_old_tokens_end() -> None:
    """PLAT-33."""
    ada = founder()
    olga = member(ada.org_id, Role.SUPPORT)
    tokens = sessions.open_session(olga.subject, ada.org_id, ["password"], Place())
    assert caller_of(f"Bearer {tokens.access_token}").roles == ("support",)
    path = {"user_id": olga.subject}
    answer = ask(api, ada, "PATCH", f"{MEMBERS}/{{user_id}}", json.dumps({"roles": ["master"]}), path=path)
    assert (answer.status, answer.json["roles"]) == (200, ["master"])
    revocations.forget()
    with pytest.raises(Unauthorized):
        caller_of(f"Bearer {tokens.access_token}")
    fresh = sessions.refresh(tokens.refresh_token, Place())
    assert caller_of(f"Bearer {fresh.access_token}").roles == ("master",)


def test_a_removed_member_is_nobody_there() -> None:
    """PLAT-33."""
    ada = founder()
    olga = member(ada.org_id, Role.SUPPORT)
    tokens = sessions.open_session(olga.subject, ada.org_id, ["password"], Place())
    assert ask(api, ada, "DELETE", f"{MEMBERS}/{{user_id}}", path={"user_id": olga.subject}).status == 204
    revocations.forget()
    with pytest.raises(Unauthorized):
        caller_of(f"Bearer {tokens.access_token}")
    fresh = caller_of(f"Bearer {sessions.refresh(tokens.refresh_token, Place()).access_token}")
    assert (fresh.org_id, fresh.roles) == ("", ())


def test_a_change_and_its_audit_entry_are_one() -> None:
    """PLAT-35: a change that fails leaves no entry, one that is made has one."""
    ada = founder()
    with audit.acting(audit.Actor("user", ada.subject, "http", ada.org_id)):
        with pytest.raises(RuleViolation):
            members.remove(ada, ada.subject)
        members.change(ada, ada.subject, Change(roles=("administrator", "support")))
    rows = audit.AuditRow.by_thing.query(audit.thing_key(ada.org_id, ada.subject))
    assert [(row.action, row.actor_id) for row in rows] == [("accounts.member.changed", ada.subject)]


def test_another_organisations_member_is_not_there() -> None:
    """PLAT-33: tenants never see each other's people."""
    ada, boris = founder("Lipa"), founder("Wheel")
    for method, body in (("GET", None), ("PATCH", '{"roles": []}'), ("DELETE", None)):
        answer = ask(api, boris, method, f"{MEMBERS}/{{user_id}}", body, path={"user_id": ada.subject})
        assert answer.status == 404
    for method in ("GET", "DELETE"):
        answer = ask(api, boris, method, f"{MEMBERS}/{{user_id}}/sessions", path={"user_id": ada.subject})
        assert answer.status == 404
    assert _roles(ada, ada.subject) == ("administrator",)


def test_the_last_administrator_keeps_his_role_and_his_place() -> None:
    ada = founder()
    with pytest.raises(RuleViolation):
        members.change(ada, ada.subject, Change(roles=("support",)))
    with pytest.raises(RuleViolation):
        members.remove(ada, ada.subject)
    assert _roles(ada, ada.subject) == ("administrator",)


def test_one_of_two_administrators_may_go() -> None:
    ada = founder()
    second = member(ada.org_id, Role.ADMINISTRATOR)
    members.remove(ada, second.subject)
    with pytest.raises(NotFound):
        members.find_member(ada.org_id, second.subject)
    third = member(ada.org_id, Role.SUPPORT)
    members.change(ada, third.subject, Change(roles=("administrator", "support")))
    members.change(ada, ada.subject, Change(roles=("support",)))
    with pytest.raises(RuleViolation):
        members.remove(ada, third.subject)


def test_nobody_gives_rights_that_he_has_not() -> None:
    ada = founder()
    olga = member(ada.org_id, Role.SUPPORT)
    till = key(ada, Right.MEMBERS_CHANGE)
    for role in set(Role) - {Role.CLIENT}:
        if role is not Role.SUPPORT:
            with pytest.raises(Forbidden):
                members.change(till, olga.subject, Change(roles=("support", role)))
    assert members.change(till, olga.subject, Change(roles=("client",))).membership.roles == ("client",)


def test_nobody_gives_in_the_last_minute_of_his_token_what_was_his() -> None:
    """A token tells for up to a minute of roles that were taken away: nothing lasting is made of it."""
    ada = founder()
    boris, olga = member(ada.org_id, Role.ADMINISTRATOR), member(ada.org_id, Role.SUPPORT)
    members.change(ada, boris.subject, Change(roles=("support",)))
    for wanted in (olga.subject, boris.subject):
        with pytest.raises(Forbidden):
            members.change(boris, wanted, Change(roles=("administrator",)))
    members.remove(ada, boris.subject)
    with pytest.raises(Forbidden):
        members.change(boris, olga.subject, Change(master_id="mst_anna"))
    assert members.find_member(ada.org_id, olga.subject).membership == Membership(
        ada.org_id, olga.subject, ("support",)
    )


def test_nobody_gives_while_his_own_rights_are_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = founder()
    boris, olga = member(ada.org_id, Role.ADMINISTRATOR), member(ada.org_id, Role.SUPPORT)
    meanwhile.before(monkeypatch, membership, "write_changed", lambda: members.remove(ada, boris.subject))
    with pytest.raises(Contended):
        members.change(boris, olga.subject, Change(roles=("administrator",)))
    assert _roles(ada, olga.subject) == ("support",)


def test_an_administrator_changes_himself() -> None:
    ada = founder()
    member(ada.org_id, Role.ADMINISTRATOR)
    assert members.change(ada, ada.subject, Change(roles=("support",))).membership.roles == ("support",)


def test_teams_are_the_organisations_own_and_fade_with_it() -> None:
    ada, boris = founder("Lipa"), founder("Wheel")
    own, foreign = teams.create(ada.org_id, "Nails"), teams.create(boris.org_id, "Bicycles")
    with pytest.raises(InvalidField):
        members.change(ada, ada.subject, Change(teams=(foreign.id,)))
    assert members.change(ada, ada.subject, Change(teams=(own.id,))).membership.teams == (own.id,)
    teams.remove(ada.org_id, own.id)
    assert members.find_member(ada.org_id, ada.subject).membership.teams == ()


def test_only_the_sessions_of_this_organisation_are_seen_and_ended() -> None:
    ada, boris = founder("Lipa"), founder("Wheel")
    olga = member(ada.org_id, Role.SUPPORT)
    sessions.open_session(olga.subject, ada.org_id, ["password"], Place("203.0.113.7", "Firefox"))
    sessions.open_session(olga.subject, "", ["password"], Place())
    path = {"user_id": olga.subject}
    seen = ask(api, ada, "GET", f"{MEMBERS}/{{user_id}}/sessions", path=path).json["items"]
    assert [(session["device"], session["network"]) for session in seen] == [("Firefox", "203.0.113.0/24")]
    assert ask(api, ada, "DELETE", f"{MEMBERS}/{{user_id}}/sessions", path=path).status == 204
    assert [session.org_id for session in sessions.sessions_of(olga.subject)] == [""]
    assert ask(api, boris, "DELETE", f"{MEMBERS}/{{user_id}}/sessions", path=path).status == 404


def test_a_person_who_is_no_member_is_not_found() -> None:
    ada = founder()
    with pytest.raises(NotFound):
        members.find_member(ada.org_id, person())
