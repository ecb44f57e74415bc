"""Every route of every system names whom it is for, and holds to it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from app import app
from infra.triggers import Route, triggers
from shared.identity import Caller
from shared.rights import PUBLIC, SIGNED_IN, Right, Role, is_access, rights_of
from tests.support.http_events import proxy_event

pytestmark = pytest.mark.usefixtures("aws")
ROUTES = triggers().routes
GUARDED = [route for route in ROUTES if route.operation.access != PUBLIC]
NAMED = [route for route in GUARDED if route.operation.access != SIGNED_IN]
MAY_BE_PUBLIC = frozenset(
    {
        "/",
        "/health",
        "/docs",
        "/openapi.json",
        "/webhooks/{channel}/{account_id}",
        "/v1/messengers/chat/tickets",
        "/v1/booking/masters/{code}",
        "/v1/booking/masters/{code}/slots",
        "/v1/booking/masters/{code}/bookings",
        "/v1/accounts/invitations/registration",
        "/v1/accounts/registrations",
        "/v1/accounts/registrations/confirmation",
        "/v1/accounts/password-resets",
        "/v1/accounts/password-resets/confirmation",
        "/v1/accounts/email-changes/confirmation",
        "/v1/accounts/email-changes/stop",
        "/v1/accounts/login",
        "/v1/accounts/login/outside",
        "/v1/accounts/login/second-factor",
        "/v1/accounts/login/telegram",
        "/v1/accounts/login/vk",
        "/v1/accounts/login/vk/callback",
        "/v1/accounts/tokens",
        "/v1/accounts/browser/login",
        "/v1/accounts/browser/login/second-factor",
        "/v1/accounts/browser/login/telegram",
        "/v1/accounts/browser/refresh",
        "/v1/accounts/browser/logout",
    }
)
"""What may be asked by anybody; whatever else becomes public has to be put here on purpose. Pages are, too."""


def _name(route: Route) -> str:
    return f"{route.method} {route.path}"


def _ask(route: Route, caller: Caller | None) -> dict[str, Any]:
    path = {name: "x" for name in route.path.split("/") if name.startswith("{")}
    places = {name.strip("{}"): value for name, value in path.items()}
    event = proxy_event(route.method, route.path, None, places, (), {}, "192.0.2.7")
    if caller is not None:
        event["requestContext"]["authorizer"] = caller.to_context()
    module, attribute = route.function.handler.rsplit(".", 1)
    answer: dict[str, Any] = getattr(importlib.import_module(module), attribute)(event, None)
    return answer


@pytest.mark.parametrize("route", ROUTES, ids=_name)
def test_every_route_says_whom_it_is_for(route: Route) -> None:
    """PLAT-33: a right, or "signed in", or an explicit "public"."""
    assert is_access(route.operation.access)
    if route.operation.access == PUBLIC and route.operation.is_documented:
        assert route.path in MAY_BE_PUBLIC


@pytest.mark.parametrize("route", ROUTES, ids=_name)
def test_api_gateway_asks_the_authorizer_for_every_route_that_is_not_public(route: Route) -> None:
    """PLAT-33: as it is packaged."""
    authorizer = app.routes[route.path][route.method].authorizer
    assert (authorizer is None) == (route.operation.access == PUBLIC)
    if authorizer is not None:
        assert authorizer.name == "accounts_authorize"


@pytest.mark.parametrize("route", GUARDED, ids=_name)
def test_nobody_gets_in_without_a_token(route: Route) -> None:
    """PLAT-33."""
    assert _ask(route, None)["statusCode"] == 401


@pytest.mark.parametrize("route", NAMED, ids=_name)
def test_who_has_not_the_right_is_refused(route: Route) -> None:
    """PLAT-33: without any role, with every other right, and with one that is not shown its second factor."""
    others = tuple(right.value for right in Right if right != route.operation.access)
    everything = (Role.ADMINISTRATOR.value,)
    assert route.operation.access in rights_of(everything)
    for caller in (
        Caller("user", "usr_1", "org_lipa"),
        Caller("user", "usr_1", "org_lipa", ("king",)),
        Caller("key", "key_1", "org_lipa", scopes=others),
        Caller("user", "usr_1", "org_lipa", everything, needs_second_factor=True),
    ):
        assert _ask(route, caller)["statusCode"] == 403


@pytest.mark.parametrize("route", [route for route in GUARDED if route not in NAMED], ids=_name)
def test_a_key_is_nobody_with_a_profile(route: Route) -> None:
    """PLAT-33: what is for a person about himself is for no key, whatever its scopes."""
    key = Caller("key", "key_1", "org_lipa", scopes=tuple(right.value for right in Right))
    assert _ask(route, key)["statusCode"] == 403


def test_there_is_something_to_walk() -> None:
    assert len(NAMED) > 20
    assert {route.function.name for route in GUARDED} >= {"accounts_api", "booking_api"}
