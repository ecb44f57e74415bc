"""Settings: one typed object made from the environment; a wrong one fails at start by its name.

Secrets are not here: they are read from SSM by `shared.secrets`. Plain tuples and expressions do, for every function
reads settings at its start and some need nothing heavier.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Literal, NamedTuple

from shared.errors import SettingsInvalid

PREFIX = "SVYAZ_"
Stage = Literal["prod", "dev", "test", "local"]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class Form(NamedTuple):
    """How a setting is written, whole, and what its text becomes."""

    pattern: str
    read: Callable[[str], Any] = str


URL = Form(r"https?://[^\s/]+(/\S*)?")
ADDRESS = Form(r"(?!.{255})[^@\s]+@[^@\s]+")
DAYS_KEPT = Form("[3-9][0-9]|[1-9][0-9]{2}|[12][0-9]{3}|3[0-5][0-9]{2}|36[0-4][0-9]|3650", int)


class Settings(NamedTuple):
    """What a deployment may choose.

    Units: `audit_kept_days` is how long entries of the audit log are kept, from 30 to 3650 days.
    """

    stage: Stage
    public_base_url: str
    websocket_url: str
    connections_url: str
    mail_from: str
    operator_mail: str
    telegram_api_url: str = "https://api.telegram.org"
    telegram_login_url: str = "https://oauth.telegram.org"
    vk_id_url: str = "https://id.vk.com"
    audit_kept_days: int = 1095
    log_level: LogLevel = "INFO"

    @property
    def is_local(self) -> bool:
        """Whether this runs on somebody's own machine."""
        return self.stage in {"local", "test"}


FORMS = {
    "stage": Form("prod|dev|test|local"),
    "public_base_url": URL,
    "websocket_url": Form(r"wss?://[^\s/]+(/\S*)?"),
    "connections_url": URL,
    "mail_from": ADDRESS,
    "operator_mail": ADDRESS,
    "telegram_api_url": URL,
    "telegram_login_url": URL,
    "vk_id_url": URL,
    "audit_kept_days": DAYS_KEPT,
    "log_level": Form("DEBUG|INFO|WARNING|ERROR"),
}


def read(environment: Mapping[str, str]) -> Settings:
    """The settings that an environment holds under `SVYAZ_…` names.

    Raises: SettingsInvalid, beginning with the name of the variable.
    """
    found: dict[str, Any] = {}
    for field, form in FORMS.items():
        name = PREFIX + field.upper()
        if name in environment:
            found[field] = _read(name, environment[name], form)
        elif field not in Settings._field_defaults:
            raise SettingsInvalid(f"{name}: it is missing")
    return Settings(**found)


def _read(name: str, text: str, form: Form) -> Any:
    if not text.isprintable() or re.fullmatch(form.pattern, text) is None:
        raise SettingsInvalid(f"{name}: it does not match {form.pattern}")
    return form.read(text)


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
