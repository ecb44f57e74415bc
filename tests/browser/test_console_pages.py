"""The start page and the page that shows the API, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from infra.openapi import document
from tests.browser.chat_server import ChatServer

pytestmark = pytest.mark.browser
ENTRIES = [
    {
        "group": "chats",
        "title": {"ru": "Анна Орлова", "en": "Anna Orlova"},
        "detail": {"ru": "Стрижка", "en": "Hair"},
        "url": "/chat/anna",
    },
    {"group": "tools", "title": {"en": "Mail"}, "detail": {"en": "Sent letters"}, "url": "/_local/"},
    {"group": "tools", "title": {"en": "Elsewhere"}, "detail": {"en": ""}, "url": "https://elsewhere.example/"},
    {"group": "tools", "title": {"en": "Script"}, "detail": {"en": ""}, "url": "javascript:alert(1)"},
]


def test_start_page_leads_to_a_chat(page: Page, server: ChatServer) -> None:
    page.goto(server.origin)
    expect(page.get_by_role("status")).to_have_text("Всё работает")
    expect(page.get_by_role("heading", name="За кулисами")).to_be_hidden()
    page.get_by_label("Открыть чат мастера").fill("anna")
    page.get_by_role("button", name="Открыть").tap()
    expect(page).to_have_url(f"{server.origin}/chat/anna")
    expect(page.get_by_role("heading", level=1)).to_have_text("Анна Орлова")


def test_start_page_on_ones_own_machine_shows_the_demo(page: Page, server: ChatServer) -> None:
    """PLAT-4: one click from the start page to a page that shows its demo data."""
    server.faults.stage = "local"
    server.script.entries = ENTRIES
    page.goto(server.origin)
    expect(page.get_by_role("status")).to_have_text("Всё работает, на этой машине")
    expect(page.get_by_role("link", name="Mail")).to_have_attribute("href", "/_local/")
    expect(page.get_by_role("link", name="Elsewhere")).to_have_count(0)
    expect(page.get_by_role("link", name="Script")).to_have_count(0)
    page.get_by_role("button", name="English").tap()
    page.get_by_role("link", name="Anna Orlova").tap()
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("log")).to_contain_text("На что вас записать?")


@pytest.mark.deep
def test_docs_show_the_whole_document(page: Page, server: ChatServer) -> None:
    """PLAT-12: a page to read the API."""
    described = document()
    page.goto(f"{server.origin}/docs")
    expect(page.get_by_role("heading", level=1)).to_have_text("Svyaz API")
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            section = page.locator(f"#{operation['operationId']}")
            expect(section.locator(".address")).to_have_text(f"{method.upper()}{path}")
            expect(section.locator(".answers details")).to_have_count(len(operation["responses"]))
    for name in described["components"]["schemas"]:
        expect(page.locator(f"#schema-{name}")).to_be_attached()
    for problem in described["x-problems"]:
        expect(page.locator(f"#{problem['kind']}")).to_contain_text(str(problem["status"]))
    broken = "[...document.querySelectorAll('a[href^=\"#\"]')].filter(a => !document.querySelector(a.hash)).length"
    assert page.evaluate(broken) == 0
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.deep
def test_docs_open_at_an_error_that_a_problem_names(page: Page, server: ChatServer) -> None:
    page.goto(f"{server.origin}/docs#too-many-requests")
    expect(page.locator("#too-many-requests")).to_be_in_viewport()
    expect(page.locator("#too-many-requests")).to_contain_text("Retry-After")
    expect(page.locator(":target")).to_have_attribute("id", "too-many-requests")


@pytest.mark.deep
def test_docs_give_a_request_to_copy(page: Page, server: ChatServer) -> None:
    page.goto(f"{server.origin}/docs")
    sample = page.locator("#create_booking pre").last
    expect(sample).to_contain_text(f"curl -X POST '{server.origin}/v1/booking/masters/anna/bookings'")
    expect(sample).to_contain_text("Idempotency-Key: ")
    assert re.search(r"-d '\{\"service\":\"1\"", sample.inner_text())


@pytest.mark.deep
def test_docs_speak_both_languages(page: Page, server: ChatServer) -> None:
    """PLAT-42: two interface languages."""
    page.goto(f"{server.origin}/docs")
    expect(page.get_by_role("heading", name="Ошибки")).to_be_attached()
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("heading", name="Errors")).to_be_attached()
    expect(page.get_by_role("heading", name="Ошибки")).to_have_count(0)


@pytest.mark.deep
def test_docs_tell_when_the_document_is_missing(page: Page, server: ChatServer) -> None:
    page.route("**/openapi.json", lambda route: route.fulfill(status=500, body="x"))
    page.goto(f"{server.origin}/docs")
    expect(page.get_by_role("alert")).to_have_text("Документ не прочитался. Обновите страницу.")
