"""The start page, the page that shows the API, and the files that pages share."""

from __future__ import annotations

from pathlib import Path

from chalice.app import Response

from shared.http.api import Api
from shared.http.app import http_app
from shared.http.pages import SHARED_PAGES, serve
from shared.http.requests import Request

PAGES = Path(__file__).parent / "pages"

api = Api("console")


@api.get("/", "The start page", content_type="text/html", is_documented=False)
def show_home(request: Request[None, None]) -> Response:
    """What this is and where to go."""
    return serve(PAGES, "home.html", request)


@api.get("/docs", "The API as a page to read", content_type="text/html", is_documented=False)
def show_docs(request: Request[None, None]) -> Response:
    """A page made from the API's document."""
    return serve(PAGES, "docs.html", request)


@api.get("/openapi.json", "The API as an OpenAPI document", is_documented=False)
def read_openapi(request: Request[None, None]) -> Response:
    """The OpenAPI 3.1 document."""
    return serve(PAGES, "openapi.json", request)


@api.get("/assets/shared/{file}", "A file that pages share", content_type="text/css", is_documented=False)
def shared_asset(request: Request[None, None], file: str) -> Response:
    """A file that pages of several systems use."""
    return serve(SHARED_PAGES, file, request)


@api.get("/assets/console/{file}", "A file of these pages", content_type="text/css", is_documented=False)
def console_asset(request: Request[None, None], file: str) -> Response:
    """A file of the start page or of the API's page."""
    return serve(PAGES, file, request)


app = http_app(api)
