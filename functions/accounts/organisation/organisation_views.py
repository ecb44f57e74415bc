"""What the administrator's HTTP API takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, Field

from shared.bus import Value
from shared.rights import Right, Role

ID_DIGITS = "[0-9a-z]{1,40}"
DAYS_MOST = 3650


def _plain(text: str) -> str:
    if not text.isprintable() or not text.strip() or "://" in text:  # names stand in letters that we send
        raise ValueError("a text in one line is wanted, without links")
    return text.strip()


def _distinct(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(given))


Title = Annotated[str, Field(min_length=1, max_length=120, examples=["Студия «Липа»"]), AfterValidator(_plain)]
UserId = Annotated[str, Field(pattern=f"^usr_{ID_DIGITS}$", examples=["usr_01a1f9708b7e7a698a78fc280d7dc2d3"])]
TeamId = Annotated[str, Field(pattern=f"^team_{ID_DIGITS}$", examples=["team_01a1f9708b7e7a698a78fc280d7dc2d3"])]
InvitationId = Annotated[str, Field(pattern=f"^inv_{ID_DIGITS}$", examples=["inv_01a1f9708b7e7a698a78fc280d7dc2d3"])]
KeyId = Annotated[str, Field(pattern=f"^key_{ID_DIGITS}$", examples=["key_01a1f9708b7e7a698a78fc280d7dc2d3"])]
MasterId = Annotated[str, Field(pattern=f"^(mst_{ID_DIGITS})?$", examples=["mst_01a1f9708b7e7a698a78fc280d7dc2d3"])]
Address = Annotated[str, Field(min_length=3, max_length=254, examples=["olga@example.org"])]
Roles = Annotated[tuple[Role, ...], Field(max_length=len(Role)), AfterValidator(_distinct)]
Teams = Annotated[tuple[TeamId, ...], Field(max_length=50), AfterValidator(_distinct)]
Cursor = Annotated[str, Field(max_length=300)]


class PageQuery(Value):
    """Which page of a list is asked for."""

    limit: Annotated[int, Field(ge=1, le=100)] = 50
    cursor: Cursor | None = None


class NewOrganisation(Value):
    """An organisation that somebody founds."""

    name: Title


class OrganisationChange(Value):
    """What is to be different about an organisation; what is left out stays."""

    name: Title | None = None
    second_factor_roles: Roles | None = None


class OrganisationView(Value):
    """An organisation and what it chose."""

    id: str
    name: str
    created_at: AwareDatetime
    second_factor_roles: tuple[Role, ...]


class MemberPath(Value):
    """A member's address."""

    user_id: UserId


class MemberChange(Value):
    """What is to be different about a member; what is left out stays."""

    roles: Roles | None = None
    teams: Teams | None = None
    master_id: MasterId | None = None


class MemberView(Value):
    """A member as his organisation sees him."""

    user_id: str
    name: str
    email: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    master_id: str
    joined_at: AwareDatetime


class MemberPage(Value):
    """Members; `next_cursor` is there when there are more."""

    items: tuple[MemberView, ...]
    next_cursor: str | None = None


class SessionView(Value):
    """A login of a member that has not ended.

    Shape: `network` is where it was last used from, cut so that it names no single line.
    """

    id: str
    device: str
    network: str
    created_at: AwareDatetime
    used_at: AwareDatetime


class SessionList(Value):
    """A member's logins."""

    items: tuple[SessionView, ...]


class TeamPath(Value):
    """A team's address."""

    team_id: TeamId


class TeamName(Value):
    """What a team is called."""

    name: Title


class TeamView(Value):
    """A team."""

    id: str
    name: str


class TeamList(Value):
    """All teams of an organisation."""

    items: tuple[TeamView, ...]


class NewInvitation(Value):
    """Who is invited, and as what."""

    email: Address
    roles: Annotated[Roles, Field(min_length=1, examples=[["support"]])]
    teams: Teams = ()


class InvitationPath(Value):
    """An invitation's address."""

    invitation_id: InvitationId


class InvitationView(Value):
    """An invitation that stands."""

    id: str
    email: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    invited_by: str
    created_at: AwareDatetime
    expires_at: AwareDatetime


class InvitationList(Value):
    """The invitations that nobody has accepted yet."""

    items: tuple[InvitationView, ...]


class NewKey(Value):
    """An API key that is wanted.

    Units: `days` until it ends; without them it lasts until it is revoked.
    """

    name: Title
    scopes: Annotated[tuple[Right, ...], Field(min_length=1, max_length=len(Right)), AfterValidator(_distinct)]
    is_test: Annotated[bool, Field(strict=True)] = False
    days: Annotated[int, Field(strict=True, ge=1, le=DAYS_MOST)] | None = None


class KeyPath(Value):
    """A key's address."""

    key_id: KeyId


class KeyView(Value):
    """A key without its secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    is_test: bool
    created_at: AwareDatetime
    created_by: str
    ends_at: AwareDatetime | None = None


class MadeKey(KeyView):
    """A new key; `key` is told this once and never again."""

    key: str


class KeyList(Value):
    """All keys of an organisation, also those that have ended."""

    items: tuple[KeyView, ...]


class KeptMessageView(Value):
    """Something that a test key would have sent.

    Shape: `kind` is letter or message; `to` is a mail address, or the channel and the chat.
    """

    id: str
    kind: str
    to: str
    subject: str
    text: str
    at: datetime


class KeptMessagePage(Value):
    """What test keys would have sent, the newest first; `next_cursor` is there when there are more."""

    items: tuple[KeptMessageView, ...]
    next_cursor: str | None = None


class RoleView(Value):
    """What a role may do."""

    role: Role
    rights: tuple[Right, ...]


class RoleList(Value):
    """The table of rights."""

    items: tuple[RoleView, ...]
