"""Pages: the bucket holds what the functions send."""

from __future__ import annotations

import base64
import dataclasses
import importlib
from typing import Any

import pytest
from chalice.test import Client

from infra.packaging import pages
from infra.packaging.errors import PackagingError
from infra.triggers import Triggers, triggers

FUNCTIONS = {route.path: route.function for route in triggers().routes}


def sent(path: str, address: str) -> Any:
    """What a page's function answers for an address."""
    module, _, name = FUNCTIONS[path].handler.rpartition(".")
    with Client(getattr(importlib.import_module(module), name)) as client:
        return client.http.get(address)


@pytest.mark.parametrize(
    "page", [each for each in pages.files() if each.key.startswith("assets/")], ids=lambda each: each.key
)
def test_assets_are_those_of_the_functions(page: pages.PageFile) -> None:
    [route] = [path for path in pages.ASSETS if f"/{page.key}".startswith(path.removesuffix("{file}"))]
    answer = sent(route, f"/{page.key}")
    assert (answer.status_code, answer.body) == (200, page.path.read_bytes())
    assert answer.headers["Content-Type"] == page.content_type
    assert answer.headers["Cache-Control"] == pages.CACHE_CONTROL


@pytest.mark.parametrize("address", pages.PAGES)
def test_pages_are_those_of_the_functions(address: str) -> None:
    answer = sent(address, address.format(master="anna"))
    [page] = [each for each in pages.files() if each.key == pages.page_key(address)]
    body = answer.body if isinstance(answer.body, bytes) else base64.b64decode(answer.body)
    assert (answer.status_code, body) == (200, page.path.read_bytes())
    assert answer.headers["Content-Type"] == page.content_type


def test_keys_differ() -> None:
    keys = [each.key for each in pages.files()]
    assert len(set(keys)) == len(keys)


def test_a_page_that_the_bucket_would_not_serve_is_refused() -> None:
    found = triggers()
    page = next(route for route in found.routes if not route.operation.is_documented)
    more = (*found.routes, dataclasses.replace(page, path="/new"))
    with pytest.raises(PackagingError, match="/new"):
        pages.check(Triggers(more, found.queues, found.schedules, found.events, found.buckets, found.socket))
