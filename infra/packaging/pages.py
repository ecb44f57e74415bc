"""The pages: which address shows which file, the same from the bucket behind CloudFront as from the functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.packaging.errors import PackagingError
from infra.triggers import Triggers
from shared.http.pages import CONTENT_TYPES

ROOT = Path(__file__).resolve().parents[2]
PARAMETER = r"[A-Za-z0-9_-]{1,60}"
CACHE_CONTROL = "no-cache"
_NAMED = re.compile(r"\{\w+\}")
OF_ACCOUNTS = ("login", "register", "confirm", "reset", "email", "invitation", "account", "admin", "master")
PAGES = {
    "/": "functions/console/pages/home.html",
    **{f"/{name}": f"functions/console/pages/{name}.html" for name in OF_ACCOUNTS},
    "/docs": "functions/console/pages/docs.html",
    "/openapi.json": "functions/console/pages/openapi.json",
    "/chat/{master}": "functions/messengers/pages/chat.html",
}
ASSETS = {
    "/assets/console/{file}": "functions/console/pages",
    "/assets/messengers/{file}": "functions/messengers/pages",
    "/assets/shared/{file}": "shared/pages",
}
BEHAVIOURS = ("/", *(f"/{name}" for name in OF_ACCOUNTS), "/docs", "/openapi.json", "/chat/*", "/assets/*")


@dataclass(frozen=True)
class PageFile:
    """A file of the pages, and under which key the bucket keeps it."""

    key: str
    path: Path

    @property
    def content_type(self) -> str:
        """What a browser is told that it is."""
        return CONTENT_TYPES[self.path.suffix]


def check(found: Triggers) -> None:
    """Returns when every page's route is known here.

    Raises: PackagingError naming routes that the bucket would not serve, or files that are missing.
    """
    routes = {route.path for route in found.routes if route.method == "GET" and not route.operation.is_documented}
    unknown = routes ^ (PAGES.keys() | ASSETS.keys())
    if unknown:
        raise PackagingError(
            f"infra/packaging/pages.py and the routes of pages differ in: {', '.join(sorted(unknown))}"
        )
    missing = [path for path in PAGES.values() if not (ROOT / path).is_file()]
    if missing:
        raise PackagingError(f"pages that routes show are missing: {', '.join(missing)}")


def files() -> Iterator[PageFile]:
    """Every file that the bucket keeps."""
    for address, page in PAGES.items():
        yield PageFile(page_key(address), ROOT / page)
    for address, folder in ASSETS.items():
        for path in sorted((ROOT / folder).iterdir()):
            if path.suffix in CONTENT_TYPES:
                yield PageFile(address.strip("/").format(file=path.name), path)


def page_key(address: str) -> str:
    """The key of the page that an address shows: the parameters of the address do not change the page."""
    return "pages/" + (_NAMED.sub("_", address).strip("/") or "home")


def patterns() -> dict[str, str]:
    """For each page the expression that its addresses match, and its key."""
    return {_pattern(address): f"/{page_key(address)}" for address in PAGES}


def _pattern(address: str) -> str:
    plain = (re.escape(part) for part in _NAMED.split(address))
    return f"^{PARAMETER.join(plain)}$"
