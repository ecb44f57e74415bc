"""Secrets, read from SSM parameters on first use and kept for five minutes."""

from __future__ import annotations

import json
import time
from typing import Any

from botocore.exceptions import ClientError

from shared import aws
from shared.errors import SettingsInvalid
from shared.settings import stage

KEEP_S = 300
_kept: dict[str, tuple[float, str]] = {}


def path(name: str) -> str:
    """The full name of a secret's parameter in this stage."""
    return f"/svyaz/{stage()}/{name}"


def secret(name: str) -> str:
    """The secret of that name, such as `keys/lookup`.

    Raises: SettingsInvalid where the parameter is missing.
    """
    kept = _kept.get(name)
    if kept is None or kept[0] < time.monotonic():
        kept = (time.monotonic() + KEEP_S, _read(name))
        _kept[name] = kept
    return kept[1]


def document(name: str) -> dict[str, Any]:
    """A secret that holds a JSON object.

    Raises: SettingsInvalid where it is missing or something else.
    """
    try:
        value = json.loads(secret(name))
    except ValueError:
        value = None
    if not isinstance(value, dict):
        raise SettingsInvalid(f"{path(name)}: a JSON object is wanted")
    return value


def forget() -> None:
    """Drops what is kept, as after a rotation."""
    _kept.clear()


def _read(name: str) -> str:
    with aws.translated():
        try:
            answer = aws.client("ssm").get_parameter(Name=path(name), WithDecryption=True)
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") == "ParameterNotFound":
                raise SettingsInvalid(f"{path(name)}: the parameter is missing") from None
            raise
    return answer["Parameter"]["Value"]
