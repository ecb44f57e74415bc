"""What API Gateway says when no function answered: the same words deployed and locally.

Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html (read
2026-11-20).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

MEDIA_TYPE = "application/problem+json"
REQUEST_ID = "$context.requestId"


@dataclass(frozen=True)
class GatewayResponse:
    """One answer; API Gateway keeps its own status where `status` is None."""

    status: int | None
    kind: str
    title: str
    detail: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def template(self, status: int | None = None) -> str:
        """The body as a template in which API Gateway puts the request's id."""
        body = {
            "type": f"/docs#{self.kind}",
            "title": self.title,
            "status": self.status or status or 500,
            "detail": self.detail,
            "correlation_id": REQUEST_ID,
        }
        return json.dumps(body)


RESPONSES: dict[str, GatewayResponse] = {
    "MISSING_AUTHENTICATION_TOKEN": GatewayResponse(404, "not-found", "Not found", "There is nothing at this address."),
    "RESOURCE_NOT_FOUND": GatewayResponse(404, "not-found", "Not found", "There is nothing at this address."),
    "BAD_REQUEST_BODY": GatewayResponse(400, "invalid-payload", "Invalid payload", "The body cannot be read."),
    "BAD_REQUEST_PARAMETERS": GatewayResponse(
        400, "invalid-payload", "Invalid payload", "The parameters cannot be read."
    ),
    "REQUEST_TOO_LARGE": GatewayResponse(413, "payload-too-large", "Payload too large", "The body is too large."),
    "UNSUPPORTED_MEDIA_TYPE": GatewayResponse(
        415, "unsupported-media", "Unsupported media type", "This type of body is not read here."
    ),
    "THROTTLED": GatewayResponse(429, "too-many-requests", "Too many requests", "Too many requests: try again later."),
    "QUOTA_EXCEEDED": GatewayResponse(
        429, "too-many-requests", "Too many requests", "Too many requests: try again later."
    ),
    "INTEGRATION_FAILURE": GatewayResponse(
        502, "svyaz-error", "Internal error", "Something broke on our side. Try again later."
    ),
    "INTEGRATION_TIMEOUT": GatewayResponse(
        504, "svyaz-error", "Internal error", "The answer takes too long. Try again later."
    ),
    "API_CONFIGURATION_ERROR": GatewayResponse(
        500, "svyaz-error", "Internal error", "Something broke on our side. Try again later."
    ),
    "UNAUTHORIZED": GatewayResponse(
        401, "unauthorized", "Unauthorized", "Say who you are.", {"WWW-Authenticate": "Bearer"}
    ),
    "ACCESS_DENIED": GatewayResponse(403, "forbidden", "Forbidden", "This is not yours to do."),
    "AUTHORIZER_FAILURE": GatewayResponse(
        500, "svyaz-error", "Internal error", "Something broke on our side. Try again later."
    ),
    "AUTHORIZER_CONFIGURATION_ERROR": GatewayResponse(
        500, "svyaz-error", "Internal error", "Something broke on our side. Try again later."
    ),
    "DEFAULT_4XX": GatewayResponse(None, "invalid-payload", "Invalid payload", "The request was refused."),
    "DEFAULT_5XX": GatewayResponse(
        None, "svyaz-error", "Internal error", "Something broke on our side. Try again later."
    ),
}
METHOD_NOT_ALLOWED = GatewayResponse(
    405, "method-not-allowed", "Method not allowed", "This address does not take this method."
)
