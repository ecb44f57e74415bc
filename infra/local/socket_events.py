"""WebSocket events as API Gateway hands them to a function.

Source:
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-integration-requests.html and
https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html
(read 2026-11-20).
"""

from __future__ import annotations

import base64
import os
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

from infra.local.http_events import API_ID, STAGE, moments, multi_values


def new_connection_id() -> str:
    """An id of the form that API Gateway gives: 15 characters and an equals sign."""
    return base64.urlsafe_b64encode(os.urandom(11)).decode()


@dataclass(frozen=True)
class Handshake:
    """What a connection was opened with."""

    headers: tuple[tuple[str, str], ...]
    query: tuple[tuple[str, str], ...]
    source_ip: str
    user_agent: str
    host: str
    connection_id: str = field(default_factory=new_connection_id)
    connected_at_ms: int = field(default_factory=lambda: int(time.time() * 1000))

    def connect(self) -> dict[str, Any]:
        """The event of a connection that wants to open."""
        query = multi_values(self.query)
        asked = {
            "headers": dict(self.headers),
            "multiValueHeaders": multi_values(self.headers),
            "queryStringParameters": {name: values[-1] for name, values in query.items()},
            "multiValueQueryStringParameters": query,
        }
        without_query = {name: value for name, value in asked.items() if value}
        return without_query | self._event("$connect", "CONNECT")

    def message(self, body: str) -> dict[str, Any]:
        """The event of a frame with text."""
        event = self._event("$default", "MESSAGE", messageId=new_connection_id())
        return event | {"body": body}

    def disconnect(self, status: int, reason: str) -> dict[str, Any]:
        """The event of a connection that has closed."""
        sent = [("Host", self.host), ("x-api-key", ""), ("X-Forwarded-For", ""), ("x-restapi", "")]
        event = self._event("$disconnect", "DISCONNECT", disconnectStatusCode=status, disconnectReason=reason)
        return {"headers": dict(sent), "multiValueHeaders": multi_values(sent)} | event

    def _event(self, route: str, kind: str, **more: Any) -> dict[str, Any]:
        request_id = str(uuid.uuid4())
        return {
            "requestContext": {
                "routeKey": route,
                **more,
                "eventType": kind,
                "extendedRequestId": request_id,
                **moments(),
                "messageDirection": "IN",
                "stage": STAGE,
                "connectedAt": self.connected_at_ms,
                "identity": {"userAgent": self.user_agent, "sourceIp": self.source_ip},
                "requestId": request_id,
                "domainName": self.host,
                "connectionId": self.connection_id,
                "apiId": API_ID,
            },
            "isBase64Encoded": False,
        }
