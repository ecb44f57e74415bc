"""Organisations: founded, named, set; teams."""

from __future__ import annotations

import json

import pytest

from functions.accounts.api.organisation import api
from functions.accounts.authorizer import caller_of
from functions.accounts.models import OrganisationSettings
from functions.accounts.organisation import organisations, teams
from functions.accounts.tables import OrganisationItem
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from shared.errors import Conflict, Contended, NotFound, RuleViolation
from shared.rights import Role
from tests.support.signed_in import ask, caller, founder, member, person

pytestmark = pytest.mark.usefixtures("aws")
ORGANISATION = "/v1/accounts/organisation"
TEAMS = "/v1/accounts/teams"


def test_whoever_founds_an_organisation_administers_it() -> None:
    """PLAT-33."""
    user_id = person()
    answer = ask(api, caller(user_id), "POST", "/v1/accounts/organisations", json.dumps({"name": " Студия «Липа» "}))
    assert (answer.status, answer.json["name"]) == (201, "Студия «Липа»")
    tokens = sessions.open_session(user_id, "", ["password"], Place())
    signed_in = caller_of(f"Bearer {tokens.access_token}")
    assert (signed_in.org_id, signed_in.roles) == (answer.json["id"], ("administrator",))
    assert ask(api, signed_in, "GET", ORGANISATION).json == answer.json


@pytest.mark.parametrize(
    "name", ["", "   ", "a\nBcc: everybody@example.org", "x" * 121, "\ud800", "\u202e", "Win at https://example.com"]
)
def test_a_name_is_one_line(name: str) -> None:
    answer = ask(api, caller(person()), "POST", "/v1/accounts/organisations", json.dumps({"name": name}))
    assert answer.status == 422


def test_an_organisation_is_founded_once_under_an_id() -> None:
    ada = founder()
    with pytest.raises(Conflict):
        organisations.found(person(), "Another", org_id=ada.org_id)


def test_an_organisation_is_renamed_and_set() -> None:
    """PLAT-32: a second factor is required of a role."""
    ada = founder()
    renamed = ask(api, ada, "PATCH", ORGANISATION, json.dumps({"name": "Lime"})).json
    assert (renamed["name"], renamed["second_factor_roles"]) == ("Lime", [])
    wanted = json.dumps({"second_factor_roles": ["administrator", "administrator"]})
    changed = ask(api, ada, "PATCH", ORGANISATION, wanted).json
    assert (changed["name"], changed["second_factor_roles"]) == ("Lime", ["administrator"])
    tokens = sessions.open_session(ada.subject, ada.org_id, ["password"], Place())
    assert caller_of(f"Bearer {tokens.access_token}").needs_second_factor
    assert ask(api, ada, "PATCH", ORGANISATION, '{"second_factor_roles": ["king"]}').status == 422


def test_a_change_keeps_the_count_of_administrators(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = founder()
    read = organisations._found

    def overtaken(org_id: str) -> OrganisationItem:
        item = read(org_id)
        monkeypatch.setattr(organisations, "_found", read)
        organisations.change(ada.org_id, name="Faster")
        return item

    monkeypatch.setattr(organisations, "_found", overtaken)
    with pytest.raises(Contended):
        organisations.change(ada.org_id, settings=OrganisationSettings(("support",)))
    assert organisations.find_organisation(ada.org_id).name == "Faster"
    assert read(ada.org_id).administrators == 1


def test_an_unknown_organisation_is_not_found() -> None:
    with pytest.raises(NotFound):
        organisations.find_organisation("org_unknown")


def test_a_role_without_the_right_changes_nothing() -> None:
    ada = founder()
    olga = member(ada.org_id, Role.SUPPORT)
    assert ask(api, olga, "GET", ORGANISATION).status == 200
    assert ask(api, olga, "PATCH", ORGANISATION, '{"name": "Mine"}').status == 403
    assert ask(api, olga, "POST", TEAMS, '{"name": "Mine"}').status == 403


def test_teams_are_made_renamed_and_removed() -> None:
    ada, boris = founder("Lipa"), founder("Wheel")
    made = ask(api, ada, "POST", TEAMS, '{"name": "Nails"}')
    assert made.status == 201
    path = {"team_id": made.json["id"]}
    assert ask(api, ada, "PATCH", f"{TEAMS}/{{team_id}}", '{"name": "Hair"}', path=path).json["name"] == "Hair"
    for method, body in (("PATCH", '{"name": "Mine"}'), ("DELETE", None)):
        assert ask(api, boris, method, f"{TEAMS}/{{team_id}}", body, path=path).status == 404
    assert ask(api, boris, "GET", TEAMS).json["items"] == []
    assert [team["name"] for team in ask(api, ada, "GET", TEAMS).json["items"]] == ["Hair"]
    assert ask(api, ada, "DELETE", f"{TEAMS}/{{team_id}}", path=path).status == 204
    assert ask(api, ada, "DELETE", f"{TEAMS}/{{team_id}}", path=path).status == 404
    assert teams.teams_of(ada.org_id) == []


def test_there_is_a_most_of_teams(monkeypatch: pytest.MonkeyPatch) -> None:
    ada = founder()
    monkeypatch.setattr(teams, "MOST", 2)
    for name in ("Nails", "Hair"):
        teams.create(ada.org_id, name)
    with pytest.raises(RuleViolation):
        teams.create(ada.org_id, "Feet")


def test_the_table_of_rights_is_told() -> None:
    told = ask(api, caller(person()), "GET", "/v1/accounts/roles").json["items"]
    assert {each["role"] for each in told} == set(Role)
    support = next(each["rights"] for each in told if each["role"] == "support")
    assert "booking.bookings.read" in support
    assert "accounts.members.change" not in support
