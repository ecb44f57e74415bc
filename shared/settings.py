"""Settings: one typed object made from the environment; a wrong one fails at start by its name.

Secrets are not here: they are read from SSM by `shared.secrets`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from shared.errors import SettingsInvalid

PREFIX = "SVYAZ_"
Stage = Literal["local", "test", "dev", "prod"]
Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+(/[^\s]*)?$")]
SocketUrl = Annotated[str, Field(pattern=r"^wss?://[^\s/]+(/[^\s]*)?$")]
Address = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]


class Settings(BaseModel):
    """What a deployment may choose."""

    model_config = ConfigDict(frozen=True, defer_build=True)

    stage: Stage
    public_base_url: Url
    websocket_url: SocketUrl
    connections_url: Url
    mail_from: Address
    operator_mail: Address
    telegram_api_url: Url = "https://api.telegram.org"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @property
    def is_local(self) -> bool:
        """Whether this runs on somebody's own machine."""
        return self.stage in {"local", "test"}


def read(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment holds under `SVYAZ_…` names.

    Raises: SettingsInvalid, beginning with the name of the variable.
    """
    given = {key.removeprefix(PREFIX).lower(): value for key, value in environment.items() if key.startswith(PREFIX)}
    try:
        return Settings.model_validate({key: given[key] for key in Settings.model_fields if key in given})
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name, reason = PREFIX + str(first["loc"][0]).upper(), first["msg"]
        raise SettingsInvalid(f"{name}: {reason}") from None


@cache
def settings() -> Settings:
    """The settings of this process."""
    return read(os.environ)


def stage() -> str:
    """The stage that names of resources carry; known even where nothing else is set, as while packaging."""
    return os.environ.get(PREFIX + "STAGE", "local")


def resource_name(name: str) -> str:
    """The full name of a table, queue or function: `svyaz-<stage>-<name>`."""
    return f"svyaz-{stage()}-{name}"


def bucket_name(name: str) -> str:
    """The full name of a bucket: such names are taken world-wide, so that in AWS the account's number follows."""
    suffix = os.environ.get(PREFIX + "BUCKET_SUFFIX", "")
    return f"{resource_name(name)}-{suffix}" if suffix else resource_name(name)
