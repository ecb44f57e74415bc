"""Sockets of signed-in people end with their sessions."""

from __future__ import annotations

import json

import pytest

from shared import revocations, sockets
from shared.errors import Unauthorized
from shared.sockets import Connection, Grant, Ticket
from shared.tables import Transaction, find
from tests.support.aws_calls import watched

pytestmark = pytest.mark.usefixtures("aws")
GRANT = Grant(system="messengers", subject="vis_1", org_id="org_a", resource="anna", language="ru")
OWN = Grant(system="messengers", subject="usr_1", org_id="org_a", resource="anna", session_id="ses_1")


def opened(connection_id: str = "c1", grant: Grant = GRANT) -> str:
    """A connection that stands."""
    sockets.open_connection(sockets.issue_ticket(grant), connection_id)
    return connection_id


def ended(session_id: str) -> None:
    """Ends a session, for a process that has just begun."""
    transaction = Transaction()
    revocations.revoke(transaction, session_id)
    transaction.commit()
    revocations.forget()


def test_a_tickets_secret_is_not_stored() -> None:
    ticket = sockets.issue_ticket(GRANT)
    [row] = Ticket.scan()
    assert ticket not in json.dumps(row.serialize())


def test_a_ticket_of_a_session_that_has_ended_opens_nothing() -> None:
    """PLAT-31."""
    ticket = sockets.issue_ticket(OWN)
    ended("ses_1")
    with pytest.raises(Unauthorized):
        sockets.open_connection(ticket, "c1")
    assert find(Connection, "connection#c1", "connection") is None


def test_a_connection_knows_when_its_session_has_ended() -> None:
    """PLAT-31."""
    opened("c1", OWN)
    opened("c2", OWN.model_copy(update={"session_id": "ses_2"}))
    opened("c3", OWN.model_copy(update={"session_id": ""}))
    assert sorted(sockets.connections_of(OWN)) == ["c1", "c2", "c3"]
    ended("ses_1")
    assert [sockets.grant_of(each).has_ended for each in ("c1", "c2", "c3")] == [True, False, False]
    assert sorted(sockets.connections_of(OWN)) == ["c2", "c3"]


def test_nothing_is_asked_for_whoever_has_no_session() -> None:
    opened("c1")
    with watched("dynamodb") as calls:
        assert not sockets.grant_of("c1").has_ended
        assert sockets.connections_of(GRANT) == ["c1"]
    assert "revocations" not in str(calls)
