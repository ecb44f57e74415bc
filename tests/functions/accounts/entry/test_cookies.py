"""The browser's session cookie."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from functions.accounts.entry import cookies
from shared.errors import Forbidden, Unauthorized
from shared.settings import settings

OURS = {"origin": "http://127.0.0.1:8000", "x-svyaz-csrf": "1"}


@pytest.fixture
def deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A stage behind https."""
    monkeypatch.setenv("SVYAZ_STAGE", "prod")
    monkeypatch.setenv("SVYAZ_PUBLIC_BASE_URL", "https://svyaz.example.org/api")
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_no_script_reads_it_and_no_other_site_sends_it() -> None:
    """PLAT-31."""
    cookie = cookies.session_cookie("token")
    assert cookie == "svyaz_session=token; Max-Age=2592000; Path=/; HttpOnly; SameSite=Strict"


def test_where_it_is_deployed_it_is_bound_to_the_host(deployed: None) -> None:
    cookie = cookies.session_cookie("token")
    assert cookie.startswith("__Host-svyaz_session=token; ")
    assert cookie.endswith("; Path=/; HttpOnly; SameSite=Strict; Secure")
    assert "Domain" not in cookie


def test_taken_away() -> None:
    assert cookies.cleared().startswith("svyaz_session=; Max-Age=0; Path=/;")


def test_it_is_found_among_others() -> None:
    assert cookies.refresh_token_of({"cookie": "a=1; svyaz_session=tok-en_1; b=2"}) == "tok-en_1"


@pytest.mark.parametrize("cookie", ["", "svyaz_session=", "__Host-svyaz_session=x", "other=x", "=;=;\x00", "ю"])
def test_without_it_nobody_is_signed_in(cookie: str) -> None:
    with pytest.raises(Unauthorized):
        cookies.refresh_token_of({"cookie": cookie} if cookie else {})


def test_our_own_pages_may_ask() -> None:
    cookies.check_origin(OURS)


@pytest.mark.parametrize(
    "changed",
    [
        {"origin": "https://evil.example"},
        {"origin": "http://127.0.0.1:8001"},
        {"origin": "https://127.0.0.1:8000"},
        {"origin": "http://127.0.0.1:8000.evil.example"},
        {"origin": "http://127.0.0.1:8000/"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": None},
        {"x-svyaz-csrf": "0"},
        {"x-svyaz-csrf": None},
    ],
)
def test_other_sites_may_not(changed: dict[str, str | None]) -> None:
    """Neither a foreign origin nor a form, which can set no header."""
    headers = {name: value for name, value in {**OURS, **changed}.items() if value is not None}
    with pytest.raises(Forbidden):
        cookies.check_origin(headers)


def test_the_origin_is_that_of_the_address(deployed: None) -> None:
    cookies.check_origin({"origin": "https://svyaz.example.org", "x-svyaz-csrf": "1"})
    with pytest.raises(Forbidden):
        cookies.check_origin(OURS)
