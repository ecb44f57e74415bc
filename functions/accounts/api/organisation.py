"""HTTP routes of an organisation: what it is called and chose, its teams, the table of rights."""

from __future__ import annotations

from chalice.app import Response

from functions.accounts.api.repeating import repeat_of
from functions.accounts.models import Organisation, OrganisationSettings
from functions.accounts.organisation import organisations, teams
from functions.accounts.organisation.organisation_views import (
    NewOrganisation,
    OrganisationChange,
    OrganisationView,
    RoleList,
    RoleView,
    TeamList,
    TeamName,
    TeamPath,
    TeamView,
)
from functions.accounts.organisation.repeats import once
from functions.accounts.organisation.teams import Team
from shared.errors import Contended, InvalidField, NotFound, RuleViolation
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import ROLES, SIGNED_IN, Right, Role

api = Api("accounts")


@api.post(
    "/v1/accounts/organisations",
    "Founds an organisation, whose administrator the caller becomes",
    access=SIGNED_IN,
    body=NewOrganisation,
    answer=OrganisationView,
    status=201,
    rate=Rate(10, 3600),
    errors=(InvalidField,),
    takes_idempotency_key=True,
)
def found_organisation(request: Request[None, NewOrganisation]) -> OrganisationView:
    """The new organisation; the caller's next tokens may be for it."""
    founder, name, repeat = request.caller.subject, request.body.name, repeat_of(request, "organisations")
    made = once(repeat, lambda: organisations.found(founder, name, repeat=repeat), organisations.find_organisation)
    return _organisation(made)


@api.get(
    "/v1/accounts/organisation",
    "The caller's organisation",
    access=Right.ORGANISATION_READ,
    answer=OrganisationView,
    errors=(NotFound,),
)
def read_organisation(request: Request[None, None]) -> OrganisationView:
    """The organisation and what it chose."""
    return _organisation(organisations.find_organisation(request.caller.org_id))


@api.patch(
    "/v1/accounts/organisation",
    "Renames the caller's organisation, or says which roles need a second factor",
    access=Right.ORGANISATION_CHANGE,
    body=OrganisationChange,
    answer=OrganisationView,
    errors=(NotFound, Contended),
)
def change_organisation(request: Request[None, OrganisationChange]) -> OrganisationView:
    """The organisation as it now is."""
    wanted = request.body
    roles = wanted.second_factor_roles
    settings = None if roles is None else OrganisationSettings(tuple(role.value for role in roles))
    return _organisation(organisations.change(request.caller.org_id, name=wanted.name, settings=settings))


@api.get("/v1/accounts/roles", "What each role may do", access=SIGNED_IN, answer=RoleList)
def list_roles(_request: Request[None, None]) -> RoleList:
    """The table of rights."""
    return RoleList(items=tuple(RoleView(role=role, rights=tuple(sorted(ROLES[role]))) for role in Role))


@api.get("/v1/accounts/teams", "The teams", access=Right.ORGANISATION_READ, answer=TeamList)
def list_teams(request: Request[None, None]) -> TeamList:
    """All teams of the organisation."""
    return TeamList(items=tuple(_team(team) for team in teams.teams_of(request.caller.org_id)))


@api.post(
    "/v1/accounts/teams",
    "Makes a team",
    access=Right.TEAMS_CHANGE,
    body=TeamName,
    answer=TeamView,
    status=201,
    errors=(NotFound, InvalidField, RuleViolation),
    takes_idempotency_key=True,
)
def create_team(request: Request[None, TeamName]) -> TeamView:
    """The new team."""
    org_id, name, repeat = request.caller.org_id, request.body.name, repeat_of(request, "teams")
    made = once(repeat, lambda: teams.create(org_id, name, repeat), lambda team_id: teams.find_team(org_id, team_id))
    return _team(made)


@api.patch(
    "/v1/accounts/teams/{team_id}",
    "Renames a team",
    access=Right.TEAMS_CHANGE,
    params=TeamPath,
    body=TeamName,
    answer=TeamView,
    errors=(NotFound,),
)
def change_team(request: Request[None, TeamName], team_id: str) -> TeamView:
    """The team under its new name."""
    return _team(teams.rename(request.caller.org_id, team_id, request.body.name))


@api.delete(
    "/v1/accounts/teams/{team_id}",
    "Takes a team away; its members stay in the organisation",
    access=Right.TEAMS_CHANGE,
    params=TeamPath,
    status=204,
    errors=(NotFound,),
)
def remove_team(request: Request[None, None], team_id: str) -> Response:
    """Nothing: the team is gone."""
    teams.remove(request.caller.org_id, team_id)
    return Response(body="", status_code=204)


def _organisation(found: Organisation) -> OrganisationView:
    return OrganisationView(
        id=found.id,
        name=found.name,
        created_at=found.created_at,
        second_factor_roles=tuple(Role(role) for role in found.settings.second_factor_roles),
    )


def _team(team: Team) -> TeamView:
    return TeamView(id=team.id, name=team.name)
