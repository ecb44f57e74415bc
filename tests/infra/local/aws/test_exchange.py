"""Requests that two readers could understand differently do not get in."""

from typing import Any
from urllib.parse import quote

import pytest

from infra.local.aws.exchange import Answer, Refused, WireRequest


def scope(
    path: bytes = b"/", query: bytes = b"", version: str = "1.1", *headers: tuple[bytes, bytes]
) -> dict[str, Any]:
    """An ASGI scope."""
    return {"method": "GET", "http_version": version, "raw_path": path, "query_string": query, "headers": headers}


def test_reads_path_query_and_headers() -> None:
    """Percent encoding is undone once; a plus sign is no space."""
    header = (b"X-Amz-Meta-Name", "имя".encode())
    request = WireRequest.from_scope(scope(b"/b/a%20b//%D0%B6", b"uploads&prefix=a+b%26", "1.1", header))
    assert request.path == "/b/a b//ж"
    assert request.query == {"uploads": "", "prefix": "a+b&"}
    assert request.headers == {"x-amz-meta-name": "имя"}


@pytest.mark.parametrize(
    "path",
    [
        *(b"", b"b/k", b"*", b"http://127.0.0.1/b/k", b"//b/k", b"/%2Fb", b"/b/../k", b"/b/%2e%2E/k", b"/b/./k"),
        *(b"/b%2f..%2fk", b"/b/k%00", b"/b/k%0d%0aX:1", b"/b\\..\\k", b"/b/%FF", "/ж".encode()),
    ],
)
def test_refuses_odd_paths(path: bytes) -> None:
    """Absolute forms, dot segments, control characters, broken encodings."""
    with pytest.raises(Refused):
        WireRequest.from_scope(scope(path))


@pytest.mark.parametrize("name", ["a\xa0b", "\N{MAN}\u200d\N{PERSONAL COMPUTER}.ogg", "\uff41", "a\u200fb", "\u0301"])
def test_reads_names_of_any_script(name: str) -> None:
    """Also with spaces and joiners that are not printable by themselves."""
    assert WireRequest.from_scope(scope(f"/b/{quote(name)}".encode())).path == f"/b/{name}"


@pytest.mark.parametrize("query", [b"a=1&a=2", b"a=1&%61=2", b"a=%FF", "a=ж".encode()])
def test_refuses_odd_queries(query: bytes) -> None:
    """A name given twice could be read as either."""
    with pytest.raises(Refused):
        WireRequest.from_scope(scope(b"/", query))


@pytest.mark.parametrize(
    "headers",
    [
        [(b"host", b"a"), (b"Host", b"b")],
        [(b"content-length", b"1"), (b"transfer-encoding", b"chunked")],
        [(b"x-amz-date", b"\xff")],
        [("ж".encode(), b"1")],
    ],
)
def test_refuses_odd_headers(headers: list[tuple[bytes, bytes]]) -> None:
    """Twice the same header, contradicting ones, unreadable ones."""
    with pytest.raises(Refused):
        WireRequest.from_scope(scope(b"/", b"", "1.1", *headers))


@pytest.mark.parametrize("version", ["2", "3", "0.9"])
def test_refuses_other_protocols(version: str) -> None:
    """HTTP/2 names its host elsewhere."""
    with pytest.raises(Refused):
        WireRequest.from_scope(scope(b"/", b"", version))


def test_texts_are_not_sniffed() -> None:
    """No browser may take a refusal for a page."""
    answer = Answer.text(403, "no")
    assert answer.headers == {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
    assert answer.body == b"no\n"
