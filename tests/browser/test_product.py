"""The running product as a person sees it: the web chat's page and the loopback Telegram's, in a real browser."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from playwright.sync_api import Browser, Page, expect

from infra.local.product import Product
from tests.browser.conftest import PHONE

pytestmark = pytest.mark.browser
FORGED = (
    {"method": "POST", "mode": "no-cors", "body": "Action=CreateQueue&QueueName=evil"},
    {"method": "POST", "mode": "no-cors", "headers": {"content-type": "text/plain"}, "body": '{"QueueName": "evil"}'},
    {"method": "POST", "headers": {"x-amz-target": "AmazonSQS.CreateQueue"}, "body": '{"QueueName": "evil"}'},
    {"method": "GET"},
)
PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


@pytest.fixture
def visitor(chromium: Browser) -> Iterator[Page]:
    """A page on a Russian-speaking visitor's phone that may not fail in a script."""
    context = chromium.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, locale="ru-RU", device_scale_factor=2
    )
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    context.close()
    assert failures == []


def _picture(page: Page, name: str, folder: Path) -> None:
    """Takes a picture; with SVYAZ_PICTURES=1 it becomes the one in the README."""
    kept = PICTURES if os.environ.get("SVYAZ_PICTURES") else folder
    path = kept / name
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, animations="disabled")
    assert path.stat().st_size > 10_000


def test_a_person_books_in_four_taps_on_the_page(product: Product, visitor: Page, tmp_path: Path) -> None:
    """BOOK-11, BOOK-20: over the real page, socket, queues and database."""
    visitor.goto(f"{product.base_url}/chat/anna")
    visitor.get_by_role("button", name="Маникюр ·").tap()
    visitor.get_by_role("log").get_by_role("button").nth(3).tap()
    expect(visitor.get_by_role("log")).to_contain_text("Во сколько?")
    _picture(visitor, "chat-times.png", tmp_path)
    visitor.get_by_role("log").get_by_role("button").nth(2).tap()
    visitor.get_by_role("button", name="Подтвердить").tap()
    expect(visitor.get_by_role("log")).to_contain_text("Вы записаны")
    _picture(visitor, "chat-booked.png", tmp_path)
    visitor.reload()
    expect(visitor.get_by_role("log")).to_contain_text("Вы записаны")


def test_the_same_in_telegram(product: Product, visitor: Page, tmp_path: Path) -> None:
    """BOOK-10: the loopback Telegram shows the chat as a messenger would."""
    visitor.goto(product.demo["masters"][0]["telegram_chat"])
    visitor.get_by_role("button", name="Старт").or_(visitor.get_by_role("button", name="Начать")).first.tap()
    visitor.get_by_role("button", name="Маникюр ·").tap()
    expect(visitor.get_by_text("В какой день?")).to_be_visible()
    _picture(visitor, "telegram.png", tmp_path)


def test_the_start_page_leads_to_the_demo(product: Product, visitor: Page, tmp_path: Path) -> None:
    """PLAT-1: a newcomer sees where to go."""
    visitor.goto(product.base_url)
    expect(visitor.get_by_role("link", name="Анна").first).to_be_visible()
    _picture(visitor, "start.png", tmp_path)
    visitor.goto(f"{product.base_url}/_local/")
    expect(visitor.get_by_text("inbound-booking")).to_be_visible()
    _picture(visitor, "local.png", tmp_path)


def test_a_web_page_cannot_reach_the_embedded_aws(product: Product, chromium: Browser) -> None:
    """PLAT-1: whatever page the developer's browser shows, it neither reads nor changes what lies in his AWS."""
    aws = product.environment["AWS_ENDPOINT_URL"]
    context = chromium.new_context()
    page = context.new_page()
    page.route("http://evil.example/**", lambda route: route.fulfill(body="<!doctype html>", content_type="text/html"))
    page.goto("http://evil.example/")
    answers: list[int] = []
    page.on("response", lambda response: answers.append(response.status) if response.url.startswith(aws) else None)
    for request in FORGED:
        page.evaluate("([url, options]) => fetch(url, options).catch(() => null)", [aws + "/", request])
    context.close()
    assert set(answers) <= {403}
    key, secret = (product.environment[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"))
    session = boto3.session.Session(key, secret, region_name=product.environment["AWS_REGION"])
    sqs = session.client("sqs", endpoint_url=aws)
    assert not any("evil" in url for url in sqs.list_queues()["QueueUrls"])
