"""The loopback VK ID in a thread of its own, and a browser at its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

import httpx

from infra.local.fakes.vkid import DEMO_PEOPLE, Application, VkIdServer
from tests.support.loopback import Loopback

CLIENT_ID = "51000001"
OLGA, NINO = DEMO_PEOPLE


class LoopbackVkId(Loopback[VkIdServer]):
    """A VK ID that knows one application."""

    def __init__(self, redirect_uri: str, clock: Callable[[], datetime]) -> None:
        super().__init__(VkIdServer([Application(CLIENT_ID, (redirect_uri,))], clock=clock))


def back(location: str) -> dict[str, str]:
    """What a browser brings back to us from an address that it was sent to."""
    return dict(parse_qsl(urlsplit(location).query))


def picked(url: str, user_id: int = OLGA.user_id) -> dict[str, str]:
    """What a browser brings back whose person clicks on himself at VK ID's page."""
    return back(_followed(url.replace("/authorize?", f"/authorize/as/{user_id}?")))


def declined(url: str) -> dict[str, str]:
    """What a browser brings back whose person declines."""
    return back(_followed(url.replace("/authorize?", "/authorize/decline?")))


def _followed(url: str) -> str:
    return httpx.get(url, trust_env=False).headers["location"]
