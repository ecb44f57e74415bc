"""HTTP routes of one's own second factor."""

from __future__ import annotations

from functions.accounts.entry import own_password, second_factor, ways
from functions.accounts.outside.views import CodeProof, PasswordProof, RecoveryCodes, SecondFactorStart
from functions.accounts.people import profiles
from functions.accounts.views import Done
from shared.errors import Conflict, Contended, InvalidField, NotFound, Unauthorized
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import SIGNED_IN

api = Api("accounts")
RATE = Rate(30, 60)
MAX_BYTES = 2048
CODE_HEADER = "X-Svyaz-Code"
MAX_CODE = 40


@api.post(
    "/v1/accounts/me/second-factor",
    "Begins a second factor: a secret for an authenticator",
    access=SIGNED_IN,
    body=PasswordProof,
    answer=SecondFactorStart,
    status=201,
    errors=(InvalidField, Unauthorized, Conflict, NotFound),
    rate=RATE,
    max_bytes=MAX_BYTES,
)
def begin_second_factor(request: Request[None, PasswordProof]) -> SecondFactorStart:
    """The secret and its QR code; it holds once a code confirms it."""
    caller = request.caller
    own_password.demand(caller.subject, caller.session_id, request.body.password or "")
    profile = profiles.find_profile(caller.subject)
    begun = second_factor.begin(caller.subject, profile.email or profile.name)
    return SecondFactorStart(secret=begun.secret, uri=begun.uri, svg=begun.svg)


@api.post(
    "/v1/accounts/me/second-factor/confirm",
    "Switches the second factor on by a code of the authenticator",
    access=SIGNED_IN,
    body=CodeProof,
    answer=RecoveryCodes,
    errors=(InvalidField, Unauthorized, Conflict, NotFound),
    rate=RATE,
    max_bytes=MAX_BYTES,
)
def confirm_second_factor(request: Request[None, CodeProof]) -> RecoveryCodes:
    """Ten recovery codes."""
    codes = second_factor.confirm(request.caller.subject, request.body.code)
    ways.tell_changed(request.caller.subject)
    return RecoveryCodes(codes=codes)


@api.post(
    "/v1/accounts/me/second-factor/recovery-codes",
    "Makes new recovery codes; the old ones are void",
    access=SIGNED_IN,
    body=CodeProof,
    answer=RecoveryCodes,
    errors=(InvalidField, Unauthorized, NotFound, Contended),
    rate=RATE,
    max_bytes=MAX_BYTES,
)
def renew_recovery_codes(request: Request[None, CodeProof]) -> RecoveryCodes:
    """Ten recovery codes."""
    second_factor.check(request.caller.subject, request.body.code)
    return RecoveryCodes(codes=second_factor.renew_recovery(request.caller.subject))


@api.delete(
    "/v1/accounts/me/second-factor",
    "Switches the second factor off by a code of it",
    access=SIGNED_IN,
    answer=Done,
    errors=(InvalidField, Unauthorized, NotFound, Contended),
    rate=RATE,
    headers=(CODE_HEADER,),
)
def switch_off_second_factor(request: Request[None, None]) -> Done:
    """That it is off."""
    user_id = request.caller.subject
    code = request.headers.get(CODE_HEADER.lower(), "")
    if not 0 < len(code) <= MAX_CODE:
        raise InvalidField("Send a code of the second factor in the header {header}.", values={"header": CODE_HEADER})
    second_factor.check(user_id, code)
    second_factor.switch_off(user_id)
    ways.tell_changed(user_id)
    return Done()
