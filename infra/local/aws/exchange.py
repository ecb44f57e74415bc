"""HTTP requests as they came over the wire, and answers to them."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import unquote

REFUSED = 403
BAD_REQUEST = 400
_CONTROL_OR_BACKSLASH = re.compile(r"[\x00-\x1f\x7f\\]")


class Refused(Exception):
    """The request is not let through; the text says why and is sent to the caller."""

    def __init__(self, reason: str, status: int = REFUSED) -> None:
        super().__init__(reason)
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What is sent back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def text(cls, status: int, text: str) -> "Answer":
        """A plain text answer."""
        headers = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff"}
        return cls(status, headers, f"{text}\n".encode())


@dataclass(frozen=True)
class WireRequest:
    """A request whose form is unambiguous: each header and each query name once, no dot segments in the path."""

    method: str
    raw_path: str
    raw_query: str
    headers: Mapping[str, str]

    @classmethod
    def from_scope(cls, scope: Mapping[str, Any]) -> "WireRequest":
        """The request of an ASGI HTTP scope.

        Raises: Refused for a form that two readers could understand differently.
        """
        if scope["http_version"] not in ("1.0", "1.1"):
            raise Refused("only HTTP/1.1 is spoken here", BAD_REQUEST)
        names = Counter(name.lower() for name, _ in scope["headers"])
        if any(count > 1 for count in names.values()) or {b"content-length", b"transfer-encoding"} <= names.keys():
            raise Refused("a header is given twice, or two headers contradict each other", BAD_REQUEST)
        try:
            headers = {name.lower().decode("ascii"): value.decode("utf-8") for name, value in scope["headers"]}
            request = cls(
                scope["method"], scope["raw_path"].decode("ascii"), scope["query_string"].decode("ascii"), headers
            )
            is_plain = _is_plain_path(request) and len(request.query) == len(_pairs(request.raw_query))
        except UnicodeDecodeError:
            is_plain = False
        if not is_plain:
            raise Refused("the path, the query or a header is written in an ambiguous way", BAD_REQUEST)
        return request

    @cached_property
    def path(self) -> str:
        """The decoded path."""
        return unquote(self.raw_path, errors="strict")

    @cached_property
    def query(self) -> Mapping[str, str]:
        """The decoded query; a plus sign stays a plus sign, as in AWS signatures."""
        return {
            unquote(name, errors="strict"): unquote(value, errors="strict") for name, value in _pairs(self.raw_query)
        }


def _pairs(raw_query: str) -> list[tuple[str, str]]:
    return [(name, value) for name, _, value in (part.partition("=") for part in raw_query.split("&") if part)]


def _is_plain_path(request: WireRequest) -> bool:
    path = request.path
    if not path.startswith("/") or path.startswith("//") or request.raw_path.startswith("//"):
        return False
    return _CONTROL_OR_BACKSLASH.search(path) is None and not {".", ".."} & set(path.split("/"))
