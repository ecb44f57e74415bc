"""Logins by Telegram, by VK ID and with a second factor, as a browser goes them through the whole product."""

from __future__ import annotations

import base64
import html
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import unquote

import httpx
import pyotp
import pytest

from infra.local.fakes.vkid import DEMO_PEOPLE
from infra.local.product import Product

pytestmark = pytest.mark.xdist_group("product")
NINO = DEMO_PEOPLE[1]
AT_ONCE = 4


class Browser:
    """A browser that looks at our pages."""

    def __init__(self, base_url: str) -> None:
        ours = {"origin": base_url, "x-svyaz-csrf": "1"}
        self.http = httpx.Client(base_url=base_url, headers=ours, trust_env=False)

    def click(self, page_url: str, words: str) -> str:
        """Where a link of a page leads to."""
        page = self.http.get(page_url).text
        link = next(link for link, told in re.findall(r'href="([^"]+)">([^<]+)<', page) if words in told)
        address = httpx.URL(page_url).join(html.unescape(link))
        return self.http.get(address).headers["location"]

    def by_vk(self) -> str:
        """Where somebody arrives who signs in by VK ID."""
        left = self.http.get("/v1/accounts/login/vk").headers["location"]
        return self.http.get(self.click(left, NINO.first_name)).headers["location"]

    def refreshed(self) -> dict[str, str]:
        """The header of somebody who is signed in by the cookie."""
        answer = self.http.post("/v1/accounts/browser/refresh")
        assert answer.status_code == 200, answer.text
        return {"authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
def browser(product: Product) -> Iterator[Browser]:
    """One browser."""
    found = Browser(product.base_url)
    with found.http:
        yield found


def told(answer: httpx.Response, status: int = 200) -> Any:
    """What an answer of that status says."""
    assert answer.status_code == status, answer.text
    return answer.json()


def test_a_person_signs_in_by_telegram(browser: Browser, product: Product) -> None:
    """PLAT-30: with the genuine login of the loopback Telegram."""
    person = {"first_name": "Tamar", "person_id": 800000091}
    browser.http.post("/_local/fakes/telegram/people", json=person)
    asked = told(browser.http.get("/v1/accounts/login/outside"))
    page, _, result = browser.click(asked["telegram_url"], "Tamar").partition("#tgAuthResult=")
    assert page == f"{product.base_url}/account"
    login = json.loads(base64.urlsafe_b64decode(result + "=" * (-len(result) % 4)))
    assert told(browser.http.post("/v1/accounts/browser/login/telegram", json=login))["access_token"]
    assert told(browser.http.get("/v1/accounts/me", headers=browser.refreshed()))["name"] == "Tamar"
    told(browser.http.post("/v1/accounts/browser/login/telegram", json=login), 401)


def test_of_many_who_show_one_code_at_once_one_gets_in(browser: Browser, product: Product) -> None:
    """PLAT-32, PLAT-21: a code of the authenticator is good once, whoever shows it at the same moment."""
    assert browser.by_vk() == f"{product.base_url}/account"
    signed_in = browser.refreshed()
    begun = told(browser.http.post("/v1/accounts/me/second-factor", json={}, headers=signed_in), 201)
    phone = pyotp.TOTP(begun["secret"])
    confirm = {"code": phone.now()}
    codes = told(browser.http.post("/v1/accounts/me/second-factor/confirm", json=confirm, headers=signed_in))["codes"]
    others = [Browser(product.base_url) for _ in range(AT_ONCE)]
    challenges = [unquote(other.by_vk().partition("#challenge=")[2]) for other in others]
    code = phone.at(time.time() + 30)

    def shown(challenge: str) -> int:
        body = {"challenge": challenge, "code": code}
        return httpx.post(f"{product.base_url}/v1/accounts/login/second-factor", json=body, trust_env=False).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = Counter(pool.map(shown, challenges))
    assert found == {200: 1, 401: AT_ONCE - 1}
    off = {**signed_in, "x-svyaz-code": codes[0]}
    told(browser.http.delete("/v1/accounts/me/second-factor", headers=off))
    for other in others:
        other.http.close()
