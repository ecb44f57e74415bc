"""HTTP routes of registration and of forgotten passwords: their answers are the same for every address."""

from __future__ import annotations

from functions.accounts.entry import registration, reset
from functions.accounts.views import Accepted, Confirmation, Done, Registration, Reset, ResetDone, ResetRequest
from shared.errors import Conflict, Contended, InvalidField, Unauthorized
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import PUBLIC

api = Api("accounts")


@api.post(
    "/v1/accounts/registrations",
    "Asks for an account; a letter says how to go on",
    access=PUBLIC,
    body=Registration,
    answer=Accepted,
    status=202,
    errors=(InvalidField,),
    rate=Rate(20, 3600),
)
def register(request: Request[None, Registration]) -> Accepted:
    """That a letter is on its way."""
    wanted = request.body
    language = wanted.language or request.words.language
    registration.register(wanted.email, wanted.password, wanted.name, language, wanted.organisation or "")
    return Accepted()


@api.post(
    "/v1/accounts/registrations/confirmation",
    "Makes the account that a letter's link confirms; once",
    access=PUBLIC,
    body=Confirmation,
    answer=Done,
    status=201,
    errors=(InvalidField, Unauthorized, Conflict, Contended),
    rate=Rate(30, 60),
)
def confirm_registration(request: Request[None, Confirmation]) -> Done:
    """That the account is there."""
    registration.confirm(request.body.token, request.body.password)
    return Done()


@api.post(
    "/v1/accounts/password-resets",
    "Asks for a letter by which a new password is set",
    access=PUBLIC,
    body=ResetRequest,
    answer=Accepted,
    status=202,
    errors=(InvalidField,),
    rate=Rate(20, 3600),
)
def ask_password_reset(request: Request[None, ResetRequest]) -> Accepted:
    """That a letter is on its way, where there is an account."""
    reset.ask(request.body.email, request.words.language)
    return Accepted()


@api.post(
    "/v1/accounts/password-resets/confirmation",
    "Sets a new password by a letter's link, once; every session ends",
    access=PUBLIC,
    body=Reset,
    answer=ResetDone,
    errors=(InvalidField, Contended),
    rate=Rate(30, 60),
)
def confirm_password_reset(request: Request[None, Reset]) -> ResetDone:
    """That the new password holds."""
    return ResetDone(device_token=reset.confirm(request.body.token, request.body.password))
