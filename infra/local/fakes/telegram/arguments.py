"""The arguments of a Bot API call, however they were sent: query, form, multipart or JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from infra.local.fakes.telegram.errors import ApiError, refuse


@dataclass(frozen=True)
class Arguments:
    """Arguments by name; what was not a string is JSON text."""

    values: Mapping[str, str]

    def text(self, name: str) -> str:
        """The argument, empty when absent."""
        return self.values.get(name, "")

    def number(self, name: str, default: int = 0) -> int:
        """The argument as an integer; the default when it is none."""
        try:
            return int(self.text(name)[:20])
        except ValueError:
            return default

    def flag(self, name: str) -> bool:
        """Whether the argument says yes."""
        return self.text(name).lower() in {"true", "yes", "1"}

    def array(self, name: str, what: str) -> list[Any]:
        """The argument as a JSON array, empty when absent."""
        value = parse_json(self.text(name) or "[]", f"{what} JSON object")
        if not isinstance(value, list):
            refuse(f"expected an Array of {what}")
        return value


def parse_json(source: str, what: str) -> Any:
    """The value of the JSON text; `what` names it in the refusal."""
    try:
        value = json.loads(source)
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        refuse("strings must be encoded in UTF-8")
    except (ValueError, RecursionError):
        refuse(f"can't parse {what}")
    return value


async def read_arguments(request: web.Request) -> Arguments:
    """The arguments of the request; files are left out."""
    try:
        return Arguments(await _read_values(request))
    except web.HTTPRequestEntityTooLarge as error:
        raise ApiError(413, "Request Entity Too Large") from error
    except (ValueError, LookupError, RuntimeError, HttpProcessingError):
        refuse("can't parse the request")


async def _read_values(request: web.Request) -> dict[str, str]:
    values = dict(request.query)
    if request.content_type == "application/json":
        body = parse_json(await request.text() or "{}", "JSON object")
        if not isinstance(body, dict):
            refuse("can't parse JSON object")
        present = {name: value for name, value in body.items() if value is not None}
        values |= {name: value if isinstance(value, str) else json.dumps(value) for name, value in present.items()}
    else:
        form = await request.post()
        values |= {name: value for name, value in form.items() if isinstance(value, str)}
    return values
