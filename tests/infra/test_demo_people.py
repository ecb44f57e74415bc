"""The demo's people: one of each role, made once."""

from __future__ import annotations

import pytest

from functions.accounts.authorizer import caller_of
from functions.accounts.organisation import members, organisations
from functions.accounts.tables import OrganisationItem, org_key
from functions.accounts.tokens import sessions
from functions.accounts.tokens.sessions import Place
from functions.booking.tables import owner_of
from infra import demo_data, demo_people
from shared.rights import Role


@pytest.fixture
def people(aws: None) -> dict[str, str]:
    """Their ids by address."""
    demo_data.seed()
    return demo_people.seed()


def test_every_role_has_somebody(people: dict[str, str]) -> None:
    """PLAT-4."""
    assert {person.role for person in demo_people.PEOPLE} == set(Role)
    for person in demo_people.PEOPLE:
        tokens = sessions.open_session(people[person.email], "", ["password"], Place())
        caller = caller_of(f"Bearer {tokens.access_token}")
        assert (caller.org_id, caller.roles) == (person.org_id, (person.role.value,))


def test_a_second_start_changes_nothing(people: dict[str, str]) -> None:
    organisations.change("org_lipa", name="Renamed")
    assert demo_people.seed("another password") == people == demo_people.known()
    assert organisations.find_organisation("org_lipa").name == "Renamed"
    assert OrganisationItem.get(org_key("org_lipa", "organisation"), "organisation").administrators == 1
    assert len(members.page("org_lipa", 100)) == len([one for one in demo_people.PEOPLE if one.org_id == "org_lipa"])


def test_masters_are_those_of_booking(people: dict[str, str]) -> None:
    for email, code, org_id in (
        ("anna@lipa.example", "anna", "org_lipa"),
        ("boris@wheel.example", "boris", "org_wheel"),
    ):
        assert members.find_member(org_id, people[email]).membership.master_id == owner_of(code)[1]
