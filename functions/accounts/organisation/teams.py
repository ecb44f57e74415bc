"""Teams: named parts of an organisation."""

from __future__ import annotations

from dataclasses import dataclass

from functions.accounts.organisation.repeats import ONCE, Repeat
from functions.accounts.tables import TeamItem, org_key
from shared import audit
from shared.errors import InvalidField, NotFound, RuleViolation
from shared.ids import new_id
from shared.tables import Transaction, find

MOST = 200


@dataclass(frozen=True)
class Team:
    """A team of an organisation."""

    id: str
    name: str


def teams_of(org_id: str) -> list[Team]:
    """All teams of an organisation, the oldest first."""
    rows = TeamItem.query(org_key(org_id, "teams"), limit=MOST, consistent_read=True)
    return [Team(row.sk, row.name) for row in rows]


def find_team(org_id: str, team_id: str) -> Team:
    """One team.

    Raises: NotFound.
    """
    row = find(TeamItem, org_key(org_id, "teams"), team_id)
    if row is None:
        raise _unknown()
    return Team(team_id, row.name)


def create(org_id: str, name: str, repeat: Repeat = ONCE) -> Team:
    """A new team.

    Raises: RuleViolation where there are too many.
    """
    if len(teams_of(org_id)) >= MOST:
        raise RuleViolation("There are too many teams already.")
    made = Team(new_id("team"), name)
    transaction = Transaction()
    transaction.create(TeamItem(org_key(org_id, "teams"), made.id, name=name))
    audit.add(transaction, "accounts.team.created", made.id)
    repeat.write(transaction, made.id)
    transaction.commit()
    return made


def rename(org_id: str, team_id: str, name: str) -> Team:
    """The team under its new name.

    Raises: NotFound.
    """
    transaction = Transaction()
    item = TeamItem(org_key(org_id, "teams"), team_id)
    transaction.update(item, [TeamItem.name.set(name)], condition=TeamItem.pk.exists(), otherwise=_unknown())
    audit.add(transaction, "accounts.team.changed", team_id)
    transaction.commit()
    return Team(team_id, name)


def remove(org_id: str, team_id: str) -> None:
    """Takes a team away; whoever belonged to it no longer shows it.

    Raises: NotFound.
    """
    transaction = Transaction()
    item = TeamItem(org_key(org_id, "teams"), team_id)
    transaction.delete(item, condition=TeamItem.pk.exists(), otherwise=_unknown())
    audit.add(transaction, "accounts.team.removed", team_id)
    transaction.commit()


def check(org_id: str, team_ids: tuple[str, ...]) -> None:
    """Passes where all these are teams of the organisation.

    Raises: InvalidField.
    """
    if team_ids and not set(team_ids) <= {team.id for team in teams_of(org_id)}:
        raise InvalidField("There is no such team.")


def _unknown() -> NotFound:
    return NotFound("There is no such team.")
