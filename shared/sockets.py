"""WebSockets: tickets that open one connection, the connections that stand, and frames to them.

A frame is `{"v":1,"system","action","id","seq","data"}`; one address and one `$default` route serve all systems.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta
from functools import cache
from typing import Annotated, Any

from botocore.exceptions import ClientError
from pydantic import Field, ValidationError
from pynamodb.attributes import UnicodeAttribute

from shared import aws, revocations
from shared.bus import Value
from shared.clock import epoch_s, now
from shared.errors import InvalidPayload, NotFound, Unauthorized
from shared.ids import new_secret
from shared.settings import settings
from shared.tables import Table, find, unless

TICKET_KEPT = timedelta(seconds=30)
CONNECTION_KEPT = timedelta(hours=2, minutes=10)
MAX_FRAME_BYTES = 32_768
VERSION = 1
GONE = 410
TICKET = re.compile(r"[A-Za-z0-9_-]{43}")
KNOWN_MOST = 1000


class Grant(Value):
    """What a ticket or a connection is for: one subject's use of one thing in one system.

    Shape: `session_id` is that of a signed-in person; the connection does not outlive it.
    """

    system: str
    subject: str
    org_id: str
    resource: str
    language: str = "en"
    session_id: str = ""

    @property
    def has_ended(self) -> bool:
        """Whether the session that it was given to is over.

        Raises: ProviderUnavailable.
        """
        return _has_ended(self.session_id)


class Frame(Value):
    """What a page sends."""

    v: int
    system: Annotated[str, Field(pattern=r"^[a-z]{2,20}$")]
    action: Annotated[str, Field(pattern=r"^[a-z_.]{1,40}$")]
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
    seq: Annotated[int, Field(ge=0)] = 0
    data: dict[str, Any] = Field(default_factory=dict)


class Ticket(Table):
    """The right to open one connection within half a minute; `pk` holds a digest of what opens it."""

    class Meta:
        """The shared table."""

        name = "connections"

    grant = UnicodeAttribute()


class Connection(Table):
    """An open connection: `pk` names it."""

    class Meta:
        """The shared table."""

        name = "connections"

    grant = UnicodeAttribute()


class Presence(Table):
    """The same connection found from its subject."""

    class Meta:
        """The shared table."""

        name = "connections"

    session_id = UnicodeAttribute(default="")


class Gone(NotFound):
    """The connection is closed."""


def issue_ticket(grant: Grant) -> str:
    """A ticket that opens one connection for this grant."""
    secret = new_secret()
    Ticket(
        ticket_key(secret),
        "ticket",
        grant=grant.model_dump_json(),
        expires_at=epoch_s(now() + TICKET_KEPT),
    ).save()
    return secret


def ticket_key(secret: str) -> str:
    """The partition of a ticket: who reads the table can open nothing."""
    return f"ticket#{hashlib.sha256(secret.encode()).hexdigest()}"


def open_connection(secret: str, connection_id: str) -> Grant:
    """The grant of a ticket that is used up by this; the connection now stands.

    Raises: Unauthorized for a ticket that is unknown, used or late.
    """
    grant = _consume(secret)
    expires_at = epoch_s(now() + CONNECTION_KEPT)
    Connection(f"connection#{connection_id}", "connection", grant=grant.model_dump_json(), expires_at=expires_at).save()
    Presence(_presence(grant), connection_id, session_id=grant.session_id, expires_at=expires_at).save()
    return grant


def _consume(secret: str) -> Grant:
    refused = Unauthorized("This ticket is unknown, used or too old.")
    found = find(Ticket, ticket_key(secret), "ticket") if TICKET.fullmatch(secret) else None
    if found is None or (found.expires_at or 0) < epoch_s(now()):
        raise refused
    with unless(refused):
        found.delete(condition=Ticket.pk.exists())
    grant = Grant.model_validate_json(found.grant)
    if grant.has_ended:
        raise refused
    return grant


def close_connection(connection_id: str) -> Grant | None:
    """The grant of a connection that is forgotten by this; None where it was unknown."""
    _known().pop(connection_id, None)
    found = find(Connection, f"connection#{connection_id}", "connection")
    if found is None:
        return None
    grant = Grant.model_validate_json(found.grant)
    Presence(_presence(grant), connection_id).delete()
    found.delete()
    return grant


@cache
def _known() -> dict[str, Grant]:
    return {}


def grant_of(connection_id: str) -> Grant:
    """What a standing connection is for; asked of the database once a process, for it never changes.

    Raises: Unauthorized for a connection that was never opened here.
    """
    known = _known()
    if connection_id not in known:
        found = find(Connection, f"connection#{connection_id}", "connection")
        if found is None or (found.expires_at or 0) < epoch_s(now()):
            raise Unauthorized("This connection is not open.")
        if len(known) >= KNOWN_MOST:
            known.clear()
        known[connection_id] = Grant.model_validate_json(found.grant)
    return known[connection_id]


def connections_of(grant: Grant) -> list[str]:
    """The connections that stand for a subject's use of a resource, but those whose session is over."""
    moment = epoch_s(now())
    rows = Presence.query(_presence(grant), consistent_read=True)
    return [str(row.sk) for row in rows if (row.expires_at or 0) > moment and not _has_ended(row.session_id)]


def _has_ended(session_id: str) -> bool:
    return bool(session_id) and revocations.is_revoked(session_id, now())


def push(connection_id: str, action: str, data: dict[str, Any], *, reply_to: str | None = None, system: str) -> None:
    """Sends a frame to one connection.

    Raises: Gone where it is closed.
    """
    frame = {"v": VERSION, "system": system, "action": action, "id": reply_to, "data": data}
    content = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    endpoint = aws.client("apigatewaymanagementapi", settings().connections_url)
    with aws.translated():
        try:
            endpoint.post_to_connection(ConnectionId=connection_id, Data=content)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == GONE:
                raise Gone("The connection is closed.") from None
            raise


def read_frame(text: str) -> Frame:
    """The frame that a page sent.

    Raises: InvalidPayload.
    """
    if len(text.encode("utf-8", "surrogatepass")) > MAX_FRAME_BYTES:
        raise InvalidPayload("The frame is too large.")
    try:
        frame = Frame.model_validate_json(text)
    except (ValidationError, ValueError):
        raise InvalidPayload("The frame is malformed.") from None
    if frame.v != VERSION:
        raise InvalidPayload("This version of frames is not spoken here.")
    return frame


def _presence(grant: Grant) -> str:
    return f"presence#{grant.system}#{grant.subject}#{grant.resource}"
