"""The start page, the pages of accounts, the page that shows the API, and the files that pages share."""

from __future__ import annotations

from pathlib import Path

from chalice.app import Response

from shared.http.api import Api
from shared.http.app import http_app
from shared.http.pages import SHARED_PAGES, serve
from shared.http.requests import Request
from shared.rights import PUBLIC

PAGES = Path(__file__).parent / "pages"

api = Api("console")


@api.get("/", "The start page", access=PUBLIC, content_type="text/html", is_documented=False)
def show_home(request: Request[None, None]) -> Response:
    """What this is and where to go."""
    return serve(PAGES, "home.html", request)


@api.get("/login", "Signing in", access=PUBLIC, content_type="text/html", is_documented=False)
def show_login(request: Request[None, None]) -> Response:
    """Where people sign in."""
    return serve(PAGES, "login.html", request)


@api.get("/register", "Making an account", access=PUBLIC, content_type="text/html", is_documented=False)
def show_register(request: Request[None, None]) -> Response:
    """Where people ask for an account."""
    return serve(PAGES, "register.html", request)


@api.get("/confirm", "Confirming an address", access=PUBLIC, content_type="text/html", is_documented=False)
def show_confirm(request: Request[None, None]) -> Response:
    """Where the letter of a registration leads."""
    return serve(PAGES, "confirm.html", request)


@api.get("/reset", "A forgotten password", access=PUBLIC, content_type="text/html", is_documented=False)
def show_reset(request: Request[None, None]) -> Response:
    """Where a letter is asked for, and where it leads."""
    return serve(PAGES, "reset.html", request)


@api.get("/email", "A change of address", access=PUBLIC, content_type="text/html", is_documented=False)
def show_email(request: Request[None, None]) -> Response:
    """Where the letters of a change of address lead."""
    return serve(PAGES, "email.html", request)


@api.get("/invitation", "An invitation", access=PUBLIC, content_type="text/html", is_documented=False)
def show_invitation(request: Request[None, None]) -> Response:
    """Where an invitation's letter leads."""
    return serve(PAGES, "invitation.html", request)


@api.get("/account", "One's own account", access=PUBLIC, content_type="text/html", is_documented=False)
def show_account(request: Request[None, None]) -> Response:
    """The page of whoever is signed in; what it shows it asks the API for."""
    return serve(PAGES, "account.html", request)


@api.get("/admin", "The organisation", access=PUBLIC, content_type="text/html", is_documented=False)
def show_admin(request: Request[None, None]) -> Response:
    """The administrator's page; what it shows it asks the API for."""
    return serve(PAGES, "admin.html", request)


@api.get("/master", "Visits ahead", access=PUBLIC, content_type="text/html", is_documented=False)
def show_master(request: Request[None, None]) -> Response:
    """The master's page; what it shows it asks the API for."""
    return serve(PAGES, "master.html", request)


@api.get("/docs", "The API as a page to read", access=PUBLIC, content_type="text/html", is_documented=False)
def show_docs(request: Request[None, None]) -> Response:
    """A page made from the API's document."""
    return serve(PAGES, "docs.html", request)


@api.get("/openapi.json", "The API as an OpenAPI document", access=PUBLIC, is_documented=False)
def read_openapi(request: Request[None, None]) -> Response:
    """The OpenAPI 3.1 document."""
    return serve(PAGES, "openapi.json", request)


@api.get(
    "/assets/shared/{file}", "A file that pages share", access=PUBLIC, content_type="text/css", is_documented=False
)
def shared_asset(request: Request[None, None], file: str) -> Response:
    """A file that pages of several systems use."""
    return serve(SHARED_PAGES, file, request)


@api.get("/assets/console/{file}", "A file of these pages", access=PUBLIC, content_type="text/css", is_documented=False)
def console_asset(request: Request[None, None], file: str) -> Response:
    """A file of the start page or of the API's page."""
    return serve(PAGES, file, request)


app = http_app(api)
