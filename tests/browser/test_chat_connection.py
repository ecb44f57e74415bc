"""The web chat's page when the connection breaks: nothing is lost, nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.chat_server import ChatServer

pytestmark = pytest.mark.browser
SERVICE = "Стрижка · 60 мин · 2 500 ₽"


@pytest.fixture
def log(page: Page, server: ChatServer) -> Locator:
    """The log of a chat that has begun, on a page whose clock the test moves."""
    page.clock.install()
    page.goto(f"{server.origin}/chat/anna")
    found = page.get_by_role("log")
    expect(found.get_by_role("button").first).to_be_enabled()
    return found


def until(page: Page, is_reached: Callable[[], bool], step_ms: int = 1_000) -> None:
    """Moves the page's clock until something is so."""
    ends = monotonic() + 10
    while not is_reached():
        assert monotonic() < ends
        page.clock.run_for(step_ms)
        sleep(0.02)


def own(log: Locator) -> Locator:
    """The person's bubbles."""
    return log.locator(".entry.own")


@pytest.mark.deep
def test_an_unanswered_frame_is_sent_again_under_its_id(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.ignored = 1
    page.get_by_role("button", name="Стрижка").tap()
    page.clock.run_for(7_000)
    assert len(server.said("chat.tap")) == 1
    until(page, lambda: len(server.said("chat.tap")) == 2)
    expect(log).to_contain_text("Какой день?")
    first, second = server.said("chat.tap")
    assert first == second
    assert len(server.tickets) == 1
    expect(own(log)).to_have_count(1)


@pytest.mark.deep
def test_silence_after_that_leads_to_a_new_connection(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.ignored = 2
    page.get_by_role("button", name="Стрижка").tap()
    until(page, lambda: len(server.tickets) == 2)
    until(page, lambda: len(server.said("chat.tap")) == 3)
    expect(log).to_contain_text("Какой день?")
    assert len({frame["id"] for frame in server.said("chat.tap")}) == 1
    assert len(server.said("chat.hello")) == 2


@pytest.mark.deep
def test_a_lost_answer_is_found_in_the_history(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.unanswered = 1
    page.get_by_role("button", name="Стрижка").tap()
    expect(own(log)).to_have_attribute("data-state", "pending")
    until(page, lambda: len(server.said("chat.tap")) == 1)
    server.drop()
    until(page, lambda: len(server.said("chat.hello")) == 2)
    expect(own(log)).to_have_attribute("data-state", "sent")
    page.clock.run_for(20_000)
    assert len(server.said("chat.tap")) == 1
    expect(own(log)).to_have_count(1)
    expect(page.get_by_role("button", name="Пн 23 ноября")).to_be_enabled()


def test_what_is_said_while_disconnected_goes_out_later(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.refusals = [(503, {"Retry-After": "20"}, "Busy")] * 2
    server.drop()
    expect(page.get_by_role("status")).to_have_text("Нет связи")
    for text in ("Раз", "Два"):
        page.get_by_role("textbox").fill(text)
        page.get_by_role("button", name="Отправить").tap()
    expect(own(log)).to_have_count(2)
    until(page, lambda: len(server.said("chat.say")) == 2)
    expect(page.get_by_text("Вы написали: Два")).to_be_visible()
    assert [frame["data"]["text"] for frame in server.said("chat.say")] == ["Раз", "Два"]


@pytest.mark.deep
def test_a_pause_that_the_server_asks_for_is_kept_and_shown(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.refusals = [(429, {"Retry-After": "30"}, "Too many requests")]
    server.drop()
    until(page, lambda: len(server.tickets) == 2)
    page.clock.run_for(10_000)
    banner = page.get_by_role("alert")
    expect(banner).to_contain_text("Нет связи.")
    expect(banner).to_contain_text("Следующая попытка через")
    page.clock.run_for(10_000)
    assert len(server.tickets) == 2
    until(page, lambda: len(server.tickets) == 3)
    expect(banner).to_be_hidden()
    expect(page.get_by_role("status")).to_have_text("Отвечает сразу")


@pytest.mark.deep
def test_pauses_grow(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.refusals = [(500, {}, "Internal error")] * 100
    server.drop()
    for _ in range(24):
        page.clock.run_for(5_000)
        sleep(0.03)
    assert 5 <= len(server.tickets) <= 13


@pytest.mark.deep
def test_the_person_may_try_at_once(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.refusals = [(429, {"Retry-After": "600"}, "Too many requests")]
    server.drop()
    until(page, lambda: len(server.tickets) == 2)
    page.clock.run_for(5_000)
    page.get_by_role("button", name="Сейчас").tap()
    expect(page.get_by_role("status")).to_have_text("Отвечает сразу")


@pytest.mark.deep
def test_no_network_is_told_and_noticed_when_it_ends(
    page: Page, phone: BrowserContext, server: ChatServer, log: Locator
) -> None:
    phone.set_offline(True)
    expect(page.get_by_role("status")).to_have_text("Нет связи")
    page.clock.run_for(3_000)
    expect(page.get_by_role("alert")).to_contain_text("Вы не в сети.")
    page.get_by_role("button", name="Стрижка").tap()
    phone.set_offline(False)
    expect(log).to_contain_text("Какой день?")
    expect(page.get_by_role("alert")).to_be_hidden()


@pytest.mark.deep
def test_a_refused_frame_can_be_sent_again(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.error = {"kind": "contended", "title": "Busy", "detail": "Сейчас занято."}
    page.get_by_role("button", name="Стрижка").tap()
    expect(own(log)).to_contain_text("Не отправлено. Сейчас занято.")
    expect(log.get_by_role("button", name="Окрашивание")).to_be_enabled()
    page.get_by_role("button", name="Отправить ещё раз").tap()
    expect(log).to_contain_text("Какой день?")
    first, second = server.said("chat.tap")
    assert (first["id"], first["data"]) == (second["id"], second["data"])
    expect(own(log)).to_have_count(1)
    expect(own(log)).not_to_contain_text("Не отправлено")


@pytest.mark.deep
def test_says_hello_again_after_a_long_silence(page: Page, server: ChatServer, log: Locator) -> None:
    show = "document.dispatchEvent(new Event('visibilitychange'))"
    page.evaluate(show)
    assert len(server.said("chat.hello")) == 1
    server.script.add("Пока вас не было", [])
    page.clock.run_for(31_000)
    page.evaluate(show)
    expect(log).to_contain_text("Пока вас не было")
    assert len(server.said("chat.hello")) == 2
    assert len(server.tickets) == 1


@pytest.mark.deep
def test_a_dead_connection_is_noticed_when_the_page_is_shown(page: Page, server: ChatServer, log: Locator) -> None:
    page.clock.run_for(31_000)
    server.faults.is_held = True
    page.evaluate("dispatchEvent(new Event('pageshow'))")
    until(page, lambda: len(server.said("chat.hello")) == 2)
    server.faults.is_held = False
    until(page, lambda: len(server.tickets) == 2)
    until(page, lambda: len(server.said("chat.hello")) == 3)
    expect(page.get_by_role("status")).to_have_text("Отвечает сразу")


@pytest.mark.deep
def test_what_is_never_answered_is_given_up_and_told(page: Page, server: ChatServer, log: Locator) -> None:
    server.faults.ignored = 1_000
    page.get_by_role("button", name="Стрижка").tap()
    until(page, lambda: own(log).get_attribute("data-state") == "failed", 4_000)
    expect(own(log)).to_contain_text("Не отправлено. Ответ не пришёл.")
    server.faults.ignored = 0
    page.get_by_role("button", name="Отправить ещё раз").tap()
    until(page, lambda: log.get_by_text("Какой день?").count() == 1)
    assert len({frame["id"] for frame in server.said("chat.tap")}) == 1
    assert [text for text in log.locator(".bubble-text").all_inner_texts() if text == SERVICE] == [SERVICE]
