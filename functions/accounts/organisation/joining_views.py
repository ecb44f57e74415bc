"""What joining an organisation by a letter's link takes and gives."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from functions.accounts.views import Language, NewPassword, PersonName
from shared.bus import Value

InvitationToken = Annotated[str, Field(min_length=1, max_length=400)]


class Acceptance(Value):
    """What a letter's link holds."""

    token: InvitationToken


class JoiningRegistration(Value):
    """Somebody who is invited and has no account yet; his address is the one that the letter went to."""

    token: InvitationToken
    name: PersonName
    password: NewPassword
    language: Language | None = None


class MembershipView(Value):
    """What a person now is in an organisation; his next tokens tell it."""

    org_id: str
    user_id: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
