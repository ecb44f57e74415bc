"""HTTP routes of people's data: a file of all that is kept of somebody, or his removal."""

from __future__ import annotations

from chalice.app import Response

from functions.accounts.people import personal_requests as requests
from functions.accounts.people.people_views import ClientNamed, OwnRemoval, PersonalRequestView, RequestPath
from functions.accounts.people.personal_requests import PersonalRequest
from shared.errors import Conflict, Contended, NotFound, PayloadTooLarge, ProviderUnavailable
from shared.http.api import Api
from shared.http.operations import Rate
from shared.http.requests import Request
from shared.rights import SIGNED_IN, Right

api = Api("accounts")


@api.post(
    "/v1/accounts/me/exports",
    "Asks for a file of everything that is kept of the caller",
    access=SIGNED_IN,
    answer=PersonalRequestView,
    status=202,
    rate=Rate(10, 3600),
    errors=(ProviderUnavailable,),
)
def export_me(request: Request[None, None]) -> PersonalRequestView:
    """The request; the file follows within minutes and is kept for a week."""
    return _view(requests.ask_own(request.caller))


@api.get(
    "/v1/accounts/me/exports/{request_id}",
    "How the caller's request for his data stands",
    access=SIGNED_IN,
    params=RequestPath,
    answer=PersonalRequestView,
    errors=(NotFound,),
)
def read_my_export(request: Request[None, None], request_id: str) -> PersonalRequestView:
    """The request."""
    return _view(requests.own(request.caller, "export", request_id))


@api.get(
    "/v1/accounts/me/exports/{request_id}/file",
    "The file of everything that is kept of the caller",
    access=SIGNED_IN,
    params=RequestPath,
    rate=Rate(60, 3600),
    errors=(NotFound, PayloadTooLarge),
)
def read_my_file(request: Request[None, None], request_id: str) -> Response:
    """The file, JSON in UTF-8, by systems."""
    return _file(request_id, requests.own_file(request.caller, request_id))


@api.post(
    "/v1/accounts/me/removal",
    "Removes the caller: his profile, his logins, his memberships",
    access=SIGNED_IN,
    body=OwnRemoval,
    answer=PersonalRequestView,
    status=202,
    rate=Rate(10, 3600),
    errors=(Conflict, ProviderUnavailable),
)
def remove_me(request: Request[None, OwnRemoval]) -> PersonalRequestView:
    """The request; within minutes the person is gone and can no longer sign in."""
    return _view(requests.ask_own_removal(request.caller, request.body.password))


@api.post(
    "/v1/accounts/people/exports",
    "Asks for a file of everything that is kept of a client",
    access=Right.PEOPLE_EXPORT,
    body=ClientNamed,
    answer=PersonalRequestView,
    status=202,
    rate=Rate(120, 3600),
    errors=(NotFound, ProviderUnavailable),
)
def export_client(request: Request[None, ClientNamed]) -> PersonalRequestView:
    """The request; the file follows within minutes and is kept for a week."""
    return _view(requests.ask_for_client(request.caller, "export", **request.body.model_dump()))


@api.get(
    "/v1/accounts/people/exports/{request_id}",
    "How a request for a client's data stands",
    access=Right.PEOPLE_EXPORT,
    params=RequestPath,
    answer=PersonalRequestView,
    errors=(NotFound,),
)
def read_client_export(request: Request[None, None], request_id: str) -> PersonalRequestView:
    """The request."""
    return _view(requests.of_client(request.caller, "export", request_id))


@api.get(
    "/v1/accounts/people/exports/{request_id}/file",
    "The file of everything that is kept of a client",
    access=Right.PEOPLE_EXPORT,
    params=RequestPath,
    rate=Rate(120, 3600),
    errors=(NotFound, PayloadTooLarge),
)
def read_client_file(request: Request[None, None], request_id: str) -> Response:
    """The file, JSON in UTF-8, by systems."""
    return _file(request_id, requests.file_of_client(request.caller, request_id))


@api.post(
    "/v1/accounts/people/removals",
    "Removes a client: name, chats and messages; the figures of his visits stay",
    access=Right.PEOPLE_REMOVE,
    body=ClientNamed,
    answer=PersonalRequestView,
    status=202,
    rate=Rate(120, 3600),
    errors=(NotFound, Contended, ProviderUnavailable),
)
def remove_client(request: Request[None, ClientNamed]) -> PersonalRequestView:
    """The request; visits ahead still take place, but nobody is reminded of them."""
    return _view(requests.ask_for_client(request.caller, "remove", **request.body.model_dump()))


@api.get(
    "/v1/accounts/people/removals/{request_id}",
    "How the removal of a client stands",
    access=Right.PEOPLE_REMOVE,
    params=RequestPath,
    answer=PersonalRequestView,
    errors=(NotFound,),
)
def read_client_removal(request: Request[None, None], request_id: str) -> PersonalRequestView:
    """The request."""
    return _view(requests.of_client(request.caller, "remove", request_id))


def _view(told: PersonalRequest) -> PersonalRequestView:
    return PersonalRequestView(id=told.id, status=told.status, at=told.at, reason=told.reason)


def _file(request_id: str, content: bytes) -> Response:
    headers: dict[str, str | list[str]] = {
        "Content-Type": "application/json",
        "Content-Disposition": f'attachment; filename="{request_id}.json"',
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(body=content.decode(), status_code=200, headers=headers)
