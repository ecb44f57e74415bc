"""The web chat's page in a real browser: a booking, and what a visitor sees of it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.chat_server import ChatServer

pytestmark = pytest.mark.browser


def enter(page: Page, server: ChatServer, master: str = "anna") -> Locator:
    """The log of a chat that has begun."""
    page.goto(f"{server.origin}/chat/{master}")
    log = page.get_by_role("log")
    expect(log.get_by_role("button").first).to_be_enabled()
    return log


def tap(page: Page, label: str) -> None:
    """Taps a choice, as soon as it may be tapped."""
    page.get_by_role("button", name=label).tap()


def bubbles(log: Locator) -> list[str]:
    """The texts that stand in the log."""
    return log.locator(".bubble-text").all_inner_texts()


def test_greets_a_new_visitor(page: Page, server: ChatServer) -> None:
    """BOOK-10: a link lands the client in a chat with that one master."""
    log = enter(page, server)
    expect(page.get_by_role("heading", level=1)).to_have_text("Анна Орлова")
    expect(page).to_have_title("Анна Орлова: чат")
    expect(page.get_by_role("status")).to_have_text("Отвечает сразу")
    expect(log).to_contain_text("На что вас записать?")
    assert server.tickets == [{"master": "anna", "language": "ru"}]
    assert [frame["action"] for frame in server.frames] == ["chat.hello"]


def test_books_in_four_taps(page: Page, server: ChatServer) -> None:
    """BOOK-11: service, day, time, confirmation, each one tap."""
    log = enter(page, server)
    for label in ("Стрижка", "Пн 23 ноября", "10:00", "Записаться"):
        tap(page, label)
    expect(log).to_contain_text("Вы записаны")
    taps = server.said("chat.tap")
    assert [frame["data"]["label"].split(" ·")[0] for frame in taps] == [
        "Стрижка",
        "Пн 23 ноября",
        "10:00",
        "Записаться",
    ]
    assert taps[2]["data"] == {"payload": "time:10:00", "label": "10:00"}
    ids = [frame["id"] for frame in server.frames]
    assert ids == sorted(set(ids))
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,64}", each) for each in ids)
    assert [frame["seq"] for frame in server.frames] == list(range(5))


@pytest.mark.deep
def test_own_bubble_waits_then_is_confirmed(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    server.faults.is_held = True
    tap(page, "Стрижка")
    own = log.locator(".entry.own")
    expect(own).to_have_attribute("data-state", "pending")
    expect(page.get_by_text("Ответ пишется")).to_be_visible()
    for choice in log.get_by_role("button").all():
        expect(choice).to_be_disabled()
    server.faults.is_held = False
    server.drop()
    expect(own).to_have_attribute("data-state", "sent")
    expect(log).to_contain_text("Какой день?")
    assert bubbles(log).count("Стрижка · 60 мин · 2 500 ₽") == 1


def test_a_double_tap_is_one_tap(page: Page, server: ChatServer) -> None:
    """BOOK-21: a double tap has no second effect."""
    log = enter(page, server)
    page.get_by_role("button", name="Стрижка").evaluate("button => { button.click(); button.click(); }")
    expect(log).to_contain_text("Какой день?")
    assert len(server.said("chat.tap")) == 1


@pytest.mark.deep
def test_only_the_last_message_has_buttons(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    tap(page, "Стрижка")
    expect(log.get_by_role("group", name="Варианты")).to_have_count(1)
    expect(log.get_by_role("button", name="Окрашивание")).to_have_count(0)
    expect(log.get_by_role("button", name="Вт 24 ноября")).to_be_enabled()


@pytest.mark.deep
def test_sends_a_text(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    box = page.get_by_role("textbox", name="Напишите сообщение")
    send = page.get_by_role("button", name="Отправить")
    expect(send).to_be_disabled()
    box.fill("  Можно завтра?\nУтром  ")
    send.tap()
    expect(log).to_contain_text("Вы написали: Можно завтра?")
    assert server.said("chat.say")[0]["data"] == {"text": "Можно завтра?\nУтром"}
    expect(box).to_have_value("")


@pytest.mark.deep
def test_a_text_has_a_greatest_length(page: Page, server: ChatServer) -> None:
    enter(page, server)
    box = page.get_by_role("textbox")
    box.fill("я" * 3_950)
    expect(page.get_by_text("осталось 146")).to_be_visible()
    box.fill("я" * 3_000)
    expect(page.locator("#left")).to_be_hidden()
    expect(box).to_have_attribute("maxlength", "4096")


@pytest.mark.deep
def test_half_a_letter_does_not_spoil_a_text(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    page.get_by_role("textbox").evaluate("(box) => { box.value = 'a\\ud83d b \\ud83d\\ude00'; }")
    page.get_by_role("textbox").press("End")
    page.get_by_role("textbox").type("!")
    page.get_by_role("button", name="Отправить").tap()
    expect(log).to_contain_text("Вы написали: a\N{REPLACEMENT CHARACTER} b \N{GRINNING FACE}!")


@pytest.mark.deep
def test_makes_room_for_a_keyboard(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    page.set_viewport_size({"width": 390, "height": 420})
    expect(page.get_by_role("textbox")).to_be_in_viewport(ratio=1)
    expect(log.get_by_role("button", name="Мои записи")).to_be_in_viewport(ratio=1)


@pytest.mark.deep
def test_comes_back_to_the_same_conversation(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    tap(page, "Стрижка")
    expect(log).to_contain_text("Какой день?")
    before = bubbles(log)
    page.reload()
    expect(page.get_by_role("button", name="Пн 23 ноября")).to_be_enabled()
    assert bubbles(log) == before
    assert server.tickets[1]["visitor"] == "visitor-1"
    page.goto(f"{server.origin}/chat/bob")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bob")
    assert "visitor" not in server.tickets[2]


@pytest.mark.deep
def test_a_forgotten_visitor_begins_anew(page: Page, server: ChatServer) -> None:
    enter(page, server)
    server.faults.refusals = [(422, {}, "Invalid value")]
    page.reload()
    expect(page.get_by_role("status")).to_have_text("Отвечает сразу")
    assert [ticket.get("visitor") for ticket in server.tickets] == [None, "visitor-1", None]


@pytest.mark.deep
def test_a_wrong_link_is_told(page: Page, server: ChatServer) -> None:
    page.goto(f"{server.origin}/chat/nobody")
    expect(page.get_by_role("heading", name="Эта ссылка не работает")).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_hidden()


def test_texts_are_never_markup(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    hostile = "<img src=x onerror=alert(1)> javascript:alert(1) http://[ https://a.example/x_(y)?q=<b>, ok"
    server.push(server.script.add(hostile, [[{"label": "<i>да</i>", "payload": "x"}]]))
    expect(log.get_by_role("button", name="<i>да</i>")).to_be_visible()
    assert bubbles(log)[-1] == hostile
    expect(log.locator("img, b, i")).to_have_count(0)
    link = log.get_by_role("link")
    expect(link).to_have_count(1)
    expect(link).to_have_attribute("href", "https://a.example/x_(y)?q=")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    expect(link).to_have_attribute("target", "_blank")


@pytest.mark.deep
def test_the_same_message_replaces_itself(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    first = server.script.add("Завтра в 10:00", [])
    server.push(first)
    expect(log).to_contain_text("Завтра в 10:00")
    server.push({**first, "text": "Завтра в 11:00"})
    expect(log).to_contain_text("Завтра в 11:00")
    assert len(bubbles(log)) == 2


@pytest.mark.deep
def test_stays_at_the_newest_unless_the_reader_went_up(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    newest = page.get_by_role("button", name="К последнему сообщению")
    for number in range(30):
        server.push(server.script.add(f"Сообщение {number}", []))
    expect(log.get_by_text("Сообщение 29")).to_be_in_viewport()
    expect(newest).to_be_hidden()
    log.evaluate("log => log.scrollTo(0, 0)")
    expect(newest).to_be_visible()
    server.push(server.script.add("Ещё одно", []))
    expect(log.get_by_text("Ещё одно")).to_be_attached()
    expect(log.get_by_text("Сообщение 0", exact=True)).to_be_in_viewport()
    newest.tap()
    expect(log.get_by_text("Ещё одно")).to_be_in_viewport()


@pytest.mark.deep
def test_other_language_is_asked_for_and_kept(page: Page, server: ChatServer) -> None:
    """PLAT-42, BOOK-27: the language can be picked at any moment."""
    enter(page, server)
    page.get_by_role("button", name="English").tap()
    expect(page.get_by_role("status")).to_have_text("Replies at once")
    expect(page.get_by_role("textbox", name="Write a message")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert [ticket["language"] for ticket in server.tickets] == ["ru", "en"]
    page.reload()
    expect(page.get_by_role("button", name="English")).to_have_attribute("aria-pressed", "true")


def test_works_by_keyboard_alone(page: Page, server: ChatServer) -> None:
    log = enter(page, server)
    log.focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Стрижка")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Пн 23 ноября")).to_be_focused()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="10:00")).to_be_focused()


@pytest.mark.deep
@pytest.mark.parametrize("width", [320, 390, 1280])
def test_fits_and_is_large_enough_for_a_thumb(page: Page, server: ChatServer, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    enter(page, server)
    for label in ("Стрижка", "Пн 23 ноября"):
        tap(page, label)
    expect(page.get_by_role("button", name="10:00")).to_be_enabled()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    sizes = [button.bounding_box() for button in page.get_by_role("button").all() if button.is_visible()]
    assert len(sizes) > 15
    assert min(min(size["width"], size["height"]) for size in sizes if size) >= 44


@pytest.mark.deep
def test_enter_sends_where_there_is_a_keyboard(phone: BrowserContext, server: ChatServer) -> None:
    assert phone.browser is not None
    context = phone.browser.new_context(locale="en-US")
    page = context.new_page()
    enter(page, server)
    page.get_by_role("textbox").press_sequentially("one")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("Вы написали: one")
    assert server.said("chat.say")[0]["data"] == {"text": "one\ntwo"}
    context.close()
