"""The OpenAPI 3.1 document of the API, made from what each route declares.

Deployed code serves the written document; it is made here only, by `python -m infra.openapi`.
Source: https://spec.openapis.org/oas/v3.1.1.html (read 2026-11-20).
"""

from __future__ import annotations

import inspect
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

from app import APIS
from infra.openapi import paths, problems
from infra.openapi.schemas import Schemas, referenced
from shared.http.api import Api
from shared.http.operations import Operation

PACKAGE_OF_ROUTES = ".api"
PROJECT = Path(__file__).parents[2] / "pyproject.toml"
ABOUT = """\
One backend for a business that talks to its clients: bookings with masters, over messengers and over this API.

Errors are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) documents; programs read the last part of `type`.
Times are RFC 3339 with an offset. Lists are paged: pass `next_cursor` of one page as `cursor` to get the next.
A POST that takes an `Idempotency-Key` has its effect once, however often it is sent with that key within 24 hours.
Every answer carries `X-Correlation-Id`: name it when you ask about a request."""


def document(apis: Iterable[Api] = APIS) -> dict[str, Any]:
    """The document of all routes that are for callers.

    Raises: ValueError where two operations have one name.
    """
    found = [(api.system, operation) for api in apis for operation in api.operations if operation.is_documented]
    _check_names([operation.name for _, operation in found])
    operations = [operation for _, operation in found]
    schemas = Schemas(operations)
    described: dict[str, dict[str, Any]] = {}
    for system, operation in found:
        described.setdefault(operation.path, {})[operation.method.lower()] = paths.described(system, operation, schemas)
    components = paths.components(operations)
    schemas.keep(referenced([described, components]))
    return {
        "openapi": "3.1.0",
        "info": {"title": "Svyaz", "version": _version(), "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [],
        "tags": _tags(found),
        "paths": described,
        "components": {"schemas": schemas.components, **components},
        "x-problems": problems.catalogue(operations),
    }


def _check_names(names: list[str]) -> None:
    twice = sorted(name for name, number in Counter(names).items() if number > 1)
    if twice:
        raise ValueError(f"operations need names of their own: {', '.join(twice)}")


def _tags(found: list[tuple[str, Operation]]) -> list[dict[str, str]]:
    """A tag for each system, described by the first line of the module, or of the package, of its routes."""
    modules = {system: _module(operation) for system, operation in found}
    return [
        {"name": system, "description": (inspect.getdoc(module) or "").partition("\n")[0]}
        for system, module in modules.items()
    ]


def _module(operation: Operation) -> ModuleType:
    name = operation.view.__module__
    package = name.rpartition(".")[0]
    return sys.modules[package if package.endswith(PACKAGE_OF_ROUTES) else name]


def _version() -> str:
    return str(tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]["version"])
