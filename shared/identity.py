"""Who asks: what the authorizer found out and every function is told."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from shared.errors import Unauthorized
from shared.rights import SIGNED_IN, rights_of

Kind = Literal["user", "key"]


@dataclass(frozen=True)
class Caller:
    """A signed-in person, or a service with its key, in one organisation.

    Shape: `org_id` is empty for a person without an organisation; `scopes` are the rights of a key; `session_id` is
    empty for a key; what a caller with `is_test` sends goes to the sandbox; `master_id` names the master that a person
    is in booking.
    """

    kind: Kind
    subject: str
    org_id: str = ""
    roles: tuple[str, ...] = ()
    scopes: tuple[str, ...] = ()
    session_id: str = ""
    needs_second_factor: bool = False
    is_test: bool = False
    master_id: str = ""

    @property
    def rights(self) -> frozenset[str]:
        """Everything that he may do."""
        return frozenset(self.scopes) if self.kind == "key" else rights_of(self.roles)

    def may(self, access: str) -> bool:
        """Whether he has a right; being signed in is one that every person has."""
        return self.kind == "user" if access == SIGNED_IN else access in self.rights

    def to_context(self) -> dict[str, str]:
        """The caller as an authorizer may tell him to API Gateway: a flat map of texts."""
        return {
            "kind": self.kind,
            "subject": self.subject,
            "org_id": self.org_id,
            "roles": json.dumps(self.roles),
            "scopes": json.dumps(self.scopes),
            "session_id": self.session_id,
            "needs_second_factor": str(self.needs_second_factor).lower(),
            "is_test": str(self.is_test).lower(),
            "master_id": self.master_id,
        }

    @classmethod
    def from_context(cls, context: Mapping[str, Any]) -> Caller:
        """The caller that an authorizer told of.

        Raises: Unauthorized where there was no authorizer on the way.
        """
        kind = context.get("kind")
        if kind not in {"user", "key"}:
            raise Unauthorized("Sign in to use this.")
        return cls(
            kind=kind,
            subject=str(context["subject"]),
            org_id=str(context["org_id"]),
            roles=tuple(json.loads(context["roles"])),
            scopes=tuple(json.loads(context["scopes"])),
            session_id=str(context["session_id"]),
            needs_second_factor=context["needs_second_factor"] == "true",
            is_test=context["is_test"] == "true",
            master_id=str(context.get("master_id", "")),
        )
