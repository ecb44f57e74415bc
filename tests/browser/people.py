"""People at the running product's pages, and what their letters say."""

from __future__ import annotations

import itertools
import re
from typing import Any

import httpx
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, ViewportSize, expect

from infra.local.product import Product
from tests.support.running import until

PASSWORD = "three quiet lime trees"
SMALL_PHONE: ViewportSize = {"width": 360, "height": 740}
LINK = re.compile(r"http\S+/(\w+#\S+)")
EXPECTED = "Failed to load resource"
_numbers = itertools.count(1)


class People:
    """Makes browsers for people; none of their pages may fail in a script or break its own policy."""

    def __init__(self, chromium: Browser, product: Product) -> None:
        self.product = product
        self._chromium = chromium
        self._contexts: list[BrowserContext] = []
        self._failures: list[str] = []

    def browser(self, *, language: str = "ru-RU", **more: Any) -> BrowserContext:
        """A browser of its own, with nothing in it."""
        context = self._chromium.new_context(
            locale=language, viewport=SMALL_PHONE, base_url=self.product.base_url, **more
        )
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: self._failures.append(str(error.error)))
        context.on("console", self._listen)
        self._contexts.append(context)
        return context

    def _listen(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self._failures.append(message.text)

    def page(self, **more: Any) -> Page:
        """A page in a browser of its own."""
        return self.browser(**more).new_page()

    def close(self) -> list[str]:
        """What failed, after everything was closed."""
        for context in self._contexts:
            context.close()
        return [failure for failure in self._failures if not failure.startswith(EXPECTED)]

    def address(self) -> str:
        """An address that nobody has."""
        return f"page-person{next(_numbers)}@example.org"

    def registered(self) -> str:
        """The address of somebody who has an account with `PASSWORD`, without a browser."""
        email = self.address()
        wanted = {"email": email, "password": PASSWORD, "name": "Ольга", "organisation": "Ателье"}
        with httpx.Client(base_url=self.product.base_url) as http:
            http.post("/v1/accounts/registrations", json=wanted).raise_for_status()
            token = self.link(email, "confirm").partition("#")[2]
            http.post(
                "/v1/accounts/registrations/confirmation", json={"token": token, "password": PASSWORD}
            ).raise_for_status()
        return email

    def link(self, email: str, page: str) -> str:
        """The path of the link in the last letter to an address, as soon as it is there."""

        def look() -> str | None:
            mail = httpx.get(f"{self.product.base_url}/_local/mail").json()["mail"]
            texts = [one["text"] for one in mail if one["to"] == [email]]
            found = [path for text in texts for path in LINK.findall(text) if path.startswith(f"{page}#")]
            return found[0] if found else None

        return until(look)


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Fills the form of the login in."""
    page.goto("/login")
    page.get_by_label("Эл. почта").fill(email)
    page.get_by_label("Пароль", exact=True).fill(password)
    page.get_by_role("button", name="Войти", exact=True).click()


def signed_in(page: Page, email: str) -> Page:
    """The page of somebody who founded an organisation and is signed in."""
    sign_in(page, email)
    expect(page.locator("#next")).to_be_visible()
    return page
