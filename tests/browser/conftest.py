"""A headless Chromium and a scripted chat server, both on this machine alone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from shared.settings import settings
from tests.browser.chat_server import ChatServer
from tests.browser.script import Script

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE: ViewportSize = {"width": 390, "height": 844}
EXPECTED = "Failed to load resource"


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The browser, started once for these files: its event loop would be in the way of other files' loops."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ChatServer]:
    """A server of pages and of one scripted chat."""
    with ChatServer(Script()) as found:
        monkeypatch.setenv("SVYAZ_WEBSOCKET_URL", found.origin.replace("http", "ws", 1) + "/ws")
        settings.cache_clear()
        yield found
    settings.cache_clear()


@pytest.fixture
def phone(chromium: Browser, server: ChatServer) -> Iterator[BrowserContext]:
    """A Russian-speaking visitor's phone; the server outlives it."""
    context = chromium.new_context(viewport=PHONE, has_touch=True, is_mobile=True, locale="ru-RU")
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    """A page that may neither fail in a script nor break its own policy."""
    found = phone.new_page()
    failures: list[str] = []
    found.on("pageerror", lambda error: failures.append(str(error)))
    found.on("console", lambda message: failures.append(message.text) if message.type == "error" else None)
    yield found
    assert [failure for failure in failures if not failure.startswith(EXPECTED)] == []
