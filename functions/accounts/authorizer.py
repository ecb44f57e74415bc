"""The authorizer: says to API Gateway who asks, by an access token or an API key.

API Gateway keeps the answer for every route, by the whole header, for as long as it is told here. No database is asked
for an access token, but for the list of what was revoked, which every process keeps.
"""

from __future__ import annotations

from chalice.app import AuthRequest, AuthResponse, Blueprint

from functions.accounts.tokens import access_tokens
from shared import log, revocations
from shared.clock import now
from shared.entry import trigger
from shared.errors import SvyazError, Unauthorized
from shared.identity import Caller

KEPT_S = 20
SCHEME = "bearer"
API_KEYS = ("svz_live_", "svz_test_")
MAX_CHARACTERS = access_tokens.MAX_CHARACTERS + len(SCHEME) + 1
REFUSED = "Unauthorized"
"""The one word that API Gateway takes for a 401; whatever else is raised is a failure of ours."""

authorizers = Blueprint(__name__)


@authorizers.authorizer(name="accounts_authorize", ttl_seconds=KEPT_S)
def authorize(request: AuthRequest) -> AuthResponse:
    """Leave to call every route, with what the functions are told of the caller."""
    with trigger("authorizer", "accounts_authorize"):
        try:
            caller = caller_of(request.token)
        except Unauthorized:
            log.count("CallerRefused")
            raise Unauthorized(REFUSED) from None
        except Exception as error:
            log.failure("authorizer.failed", reason=error.kind if isinstance(error, SvyazError) else "unexpected")
            log.count("AuthorizerFailed")
            raise
        return AuthResponse(routes=["*"], principal_id=caller.subject, context=caller.to_context())


def caller_of(header: str) -> Caller:
    """Who comes with this `Authorization` header.

    Raises: Unauthorized, the same for whatever is wrong with it.
    """
    scheme, _, text = header.partition(" ")
    if scheme.lower() != SCHEME or len(header) > MAX_CHARACTERS or not text.isascii():
        raise Unauthorized(REFUSED)
    return _by_key(text) if text.startswith(API_KEYS) else _by_token(text)


def _by_token(text: str) -> Caller:
    signed = access_tokens.read(text, now())
    if any(revocations.is_revoked(each, signed.as_of) for each in signed.revocable):
        raise Unauthorized(REFUSED)
    return signed.caller


def _by_key(text: str) -> Caller:
    from functions.accounts.organisation.api_keys import caller_of as by_key  # noqa: PLC0415  # most callers bring a token

    return by_key(text)
