"""Which route an address belongs to."""

from __future__ import annotations

import pytest

from infra.local.definitions import Function, Route
from infra.local.routing import Router

FUNCTION = Function(name="f", handler="m.f", timeout_s=1)
PATHS = ("/", "/a", "/a/{x}", "/a/{x}/c", "/a/b/d", "/p/{x}/q/{y}")
ROUTER = Router([Route(method="GET", path=path, function=FUNCTION) for path in PATHS])


@pytest.mark.parametrize(
    ("address", "resource", "parameters"),
    [
        ("/", "/", {}),
        ("/a", "/a", {}),
        ("/a/", "/a", {}),
        ("/a/b", "/a/{x}", {"x": "b"}),
        ("/a/b/d", "/a/b/d", {}),
        ("/a/b/c", "/a/{x}/c", {"x": "b"}),
        ("/a/%D1%8F%20%2F", "/a/{x}", {"x": "я /"}),
        ("/p/1/q/2%3D", "/p/{x}/q/{y}", {"x": "1", "y": "2="}),
    ],
)
def test_an_address_belongs_to_the_most_literal_route(address: str, resource: str, parameters: dict[str, str]) -> None:
    found = ROUTER.match(address)
    assert found is not None
    assert (found.resource, found.parameters) == (resource, parameters)
    assert list(found.routes) == ["GET"]


@pytest.mark.parametrize("address", ["/b", "/a/b/c/d", "//a", "/a//c", "/p/1", "/A"])
def test_an_unknown_address_belongs_to_none(address: str) -> None:
    assert ROUTER.match(address) is None


def test_methods_of_a_path_are_found_together() -> None:
    router = Router([Route(method=method, path="/a", function=FUNCTION) for method in ("GET", "POST")])
    found = router.match("/a")
    assert found is not None
    assert set(found.routes) == {"GET", "POST"}
