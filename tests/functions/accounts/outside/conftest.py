"""VK ID on loopback, and an application of ours that it knows."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from functions.accounts.outside import vk_api
from shared import aws, secrets
from shared.secrets import path
from shared.settings import settings
from tests.support.clock import Clock, stopped
from tests.support.vkid import CLIENT_ID, LoopbackVkId

CALLBACK = "http://127.0.0.1:8000/v1/accounts/login/vk/callback"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that the test moves."""
    return stopped(monkeypatch)


@pytest.fixture
def vkid(aws: None, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[LoopbackVkId]:
    """A VK ID that goes by the test's clock."""
    set_up()
    with LoopbackVkId(CALLBACK, lambda: clock.moment) as found:
        monkeypatch.setattr(vk_api, "settings", lambda: settings()._replace(vk_id_url=found.base_url))
        yield found


def set_up() -> None:
    """The parameter that says which application people sign in by."""
    value = json.dumps({"client_id": CLIENT_ID})
    aws.client("ssm").put_parameter(Name=path("login/vk"), Value=value, Type="SecureString", Overwrite=True)
    secrets.forget()
