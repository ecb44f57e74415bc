"""A browser at our routes: it keeps cookies and is sent from address to address."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping, Sequence
from http.cookies import SimpleCookie
from typing import Any

from functions.accounts.api import outside
from shared.http.app import http_app
from shared.identity import Caller
from tests.support.http_events import proxy_event

_numbers = itertools.count(1)


class Browser:
    """Cookies by name, as far as this product sets them; `set_cookies` are the last answer's headers."""

    def __init__(self) -> None:
        self.cookies: dict[str, str] = {}
        self.set_cookies: list[str] = []
        self.headers: dict[str, str] = {}
        self._address = f"198.19.0.{next(_numbers) % 256}"

    def ask(
        self,
        method: str,
        resource: str,
        body: Any = None,
        *,
        query: Mapping[str, str] | Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        who: Caller | None = None,
    ) -> tuple[int, Any]:
        """Status and body of an answer."""
        jar = {"cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        text = None if body is None else json.dumps(body)
        pairs = list(query.items()) if isinstance(query, Mapping) else query
        event = proxy_event(method, resource, text, {}, pairs, {**jar, **(headers or {})}, self._address)
        if who is not None:
            event["requestContext"]["authorizer"] = {"principalId": who.subject, **who.to_context()}
        answer = http_app(outside.api)(event, None)
        self.headers = {name.lower(): str(value) for name, value in answer["headers"].items()}
        self._keep(answer)
        return answer["statusCode"], json.loads(answer["body"]) if answer["body"] else None

    def _keep(self, answer: dict[str, Any]) -> None:
        single = [value for name, value in answer["headers"].items() if name.lower() == "set-cookie"]
        self.set_cookies = [*single, *(answer.get("multiValueHeaders") or {}).get("Set-Cookie", [])]
        for header in self.set_cookies:
            for name, morsel in SimpleCookie(header).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
