"""Files of pages: which are given, and under which headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import NotFound
from shared.http.pages import CONTENT_TYPES, SHARED_PAGES, security_headers, serve
from shared.http.requests import Request
from shared.i18n import words


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of pages beside a file that is none of them."""
    pages = tmp_path / "pages"
    pages.mkdir()
    for name in ("a.html", "a.css", "a.js", "a.json", "a.svg", "notes.txt", ".hidden.js", "UPPER.js"):
        (pages / name).write_text(f"текст {name}", encoding="utf-8")
    (pages / "sub.js").mkdir()
    (tmp_path / "secret.js").write_text("secret")
    return pages


def asking(tags: str) -> Request[Any, Any]:
    """A request of somebody who has these versions already."""
    return Request(None, None, b"", {"if-none-match": tags}, "192.0.2.1", words("en"))


@pytest.mark.parametrize(
    ("name", "content_type"),
    [
        ("a.html", "text/html; charset=utf-8"),
        ("a.css", "text/css; charset=utf-8"),
        ("a.js", "text/javascript; charset=utf-8"),
        ("a.json", "application/json"),
        ("a.svg", "image/svg+xml"),
    ],
)
def test_gives_a_file_with_its_type(folder: Path, name: str, content_type: str) -> None:
    response = serve(folder, name)
    assert (response.status_code, response.body) == (200, f"текст {name}")
    assert response.headers["Content-Type"] == content_type
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "name",
    [
        "none.js",
        "notes.txt",
        ".hidden.js",
        "UPPER.js",
        "sub.js",
        "",
        ".",
        "..",
        "../secret.js",
        "..\\secret.js",
        "%2e%2e/secret.js",
        "a.js\n",
        "a.js\0",
        "/etc/passwd",
    ],
)
def test_gives_nothing_else(folder: Path, name: str) -> None:
    with pytest.raises(NotFound):
        serve(folder, name)


@given(name=st.text(max_size=80) | st.from_regex(r"[./a-z\\]{1,20}\.(js|css|html)", fullmatch=True))
def test_any_name_is_a_file_of_the_folder_or_nothing(name: str) -> None:
    try:
        response = serve(SHARED_PAGES, name)
    except NotFound:
        return
    assert response.body == (SHARED_PAGES / Path(name).name).read_text(encoding="utf-8")


def test_every_shared_file_is_given() -> None:
    names = [path.name for path in SHARED_PAGES.iterdir()]
    assert {"base.css", "words.js", "socket.js", "elements.js", "icon.svg"} <= set(names)
    assert [serve(SHARED_PAGES, name).status_code for name in names] == [200] * len(names)
    assert {Path(name).suffix for name in names} <= set(CONTENT_TYPES)


def test_tag_saves_the_second_transfer(folder: Path) -> None:
    first = serve(folder, "a.js")
    tag = str(first.headers["ETag"])
    for known in (tag, f"W/{tag}", f'"other", {tag}'):
        again = serve(folder, "a.js", asking(known))
        assert (again.status_code, again.body) == (304, "")
        assert again.headers["ETag"] == tag
        assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_tag_of_another_version_gets_the_file(folder: Path) -> None:
    old = str(serve(folder, "a.js").headers["ETag"])
    (folder / "a.js").write_text("new")
    assert serve(folder, "a.js", asking(old)).body == "new"
    assert serve(folder, "a.js", asking("")).status_code == 200


def test_policy_allows_own_origin_and_socket_only() -> None:
    policy = security_headers("wss://socket.example.com/prod?x=1;script-src *")["Content-Security-Policy"]
    assert policy.split("; ") == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self' wss://socket.example.com",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]


def test_sends_the_headers_that_keep_a_page_to_itself(folder: Path) -> None:
    headers = serve(folder, "a.html").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "connect-src 'self' ws://127.0.0.1:8000;" in headers["Content-Security-Policy"]
