"""HTTP routes of API keys, and of what test keys would have sent."""

from __future__ import annotations

from chalice.app import Response

from functions.accounts.api.repeating import repeat_of
from functions.accounts.organisation import api_keys
from functions.accounts.organisation.api_keys import ApiKey
from functions.accounts.organisation.organisation_views import (
    KeptMessagePage,
    KeptMessageView,
    KeyList,
    KeyPath,
    KeyView,
    MadeKey,
    NewKey,
    PageQuery,
)
from functions.accounts.organisation.repeats import once
from shared import cursors, kept_messages
from shared.errors import Conflict, Contended, Forbidden, InvalidField, NotFound, RuleViolation
from shared.http.api import Api
from shared.http.requests import Request
from shared.rights import Right

LISTING = "test-messages"
api = Api("accounts")


@api.get("/v1/accounts/keys", "The API keys", access=Right.KEYS_READ, answer=KeyList)
def list_keys(request: Request[None, None]) -> KeyList:
    """All keys of the organisation, without their secrets."""
    return KeyList(items=tuple(KeyView(**_told(key)) for key in api_keys.keys_of(request.caller.org_id)))


@api.post(
    "/v1/accounts/keys",
    "Makes an API key with some of the caller's rights; what test keys send is kept, not sent",
    access=Right.KEYS_CHANGE,
    body=NewKey,
    answer=MadeKey,
    status=201,
    errors=(Forbidden, InvalidField, Conflict, Contended, RuleViolation),
    takes_idempotency_key=True,
)
def create_key(request: Request[None, NewKey]) -> MadeKey:
    """The new key, told this once."""
    wanted = request.body
    scopes = [right.value for right in wanted.scopes]
    repeat = repeat_of(request, "keys")

    def make() -> MadeKey:
        made, text = api_keys.create(
            request.caller, wanted.name, scopes, is_test=wanted.is_test, days=wanted.days, written=repeat.write
        )
        return MadeKey(**_told(made), key=text)

    return once(repeat, make, _told_before)


@api.delete(
    "/v1/accounts/keys/{key_id}",
    "Takes an API key away; within a minute nobody gets in by it",
    access=Right.KEYS_CHANGE,
    params=KeyPath,
    status=204,
    errors=(NotFound,),
)
def revoke_key(request: Request[None, None], key_id: str) -> Response:
    """Nothing: the key is gone."""
    api_keys.revoke(request.caller.org_id, key_id)
    return Response(body="", status_code=204)


@api.get(
    "/v1/accounts/test-messages",
    "What test keys would have sent in the last seven days, the newest first",
    access=Right.KEYS_READ,
    query=PageQuery,
    answer=KeptMessagePage,
    errors=(InvalidField,),
)
def list_test_messages(request: Request[PageQuery, None]) -> KeptMessagePage:
    """A page of letters and messages that were kept and not sent."""
    org_id, query = request.caller.org_id, request.query
    before = cursors.position(f"{LISTING}:{org_id}", query.cursor) if query.cursor else ""
    found = kept_messages.kept(org_id, query.limit + 1, before)
    page = tuple(KeptMessageView(**vars(message)) for message in found[: query.limit])
    more = cursors.cursor(f"{LISTING}:{org_id}", page[-1].id) if len(found) > query.limit else None
    return KeptMessagePage(items=page, next_cursor=more)


def _told_before(key_id: str) -> MadeKey:
    raise Conflict("This key was made before and is told only once: revoke it and make another.", key_id=key_id)


def _told(key: ApiKey) -> dict[str, object]:
    return {name: value for name, value in vars(key).items() if name not in {"org_id", "digest"}}
