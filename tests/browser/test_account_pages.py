"""The pages of accounts over the running product, in a real browser on a small phone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from infra.local.product import Product
from tests.browser.people import PASSWORD, People, sign_in, signed_in

pytestmark = pytest.mark.browser
SWEEP = """() => {
  const label = (each) => each.labels?.[0]?.textContent || each.getAttribute('aria-label') || each.textContent;
  const all = [...document.querySelectorAll('input, select, textarea, button, a[href], summary')];
  const seen = all.filter((each) => each.checkVisibility());
  const ids = [...document.querySelectorAll('[id]')].map((each) => each.id);
  const isLow = (each) => each.matches('button, select, input.field') && each.getBoundingClientRect().height < 43;
  const told = (each) => each.outerHTML.slice(0, 120);
  return {
    unnamed: seen.filter((each) => !label(each).trim()).map(told),
    twice: ids.filter((id, at) => ids.indexOf(id) !== at),
    low: seen.filter(isLow).map(told),
    headings: document.querySelectorAll('h1').length,
    wide: document.documentElement.scrollWidth - innerWidth,
    wordless: [...document.querySelectorAll('[data-words]')].filter((each) => !each.textContent).map(told),
    language: document.documentElement.lang,
  };
}"""
CLEAN = {"unnamed": [], "twice": [], "low": [], "headings": 1, "wide": 0, "wordless": [], "language": "ru"}


@pytest.fixture
def people(chromium: Browser, product: Product) -> Iterator[People]:
    """People with browsers, whose pages do not fail."""
    found = People(chromium, product)
    yield found
    assert found.close() == []


def _opened(page: Page, part: str) -> None:
    page.evaluate("part => { location.hash = part }", part)
    expect(page.locator(".parts a[aria-current]")).to_have_attribute("href", f"#{part}")
    expect(page.locator(".panel .part[aria-busy]")).to_have_count(0)


def test_a_newcomer_registers_confirms_and_signs_in(people: People) -> None:
    """PLAT-30, PLAT-4: from nothing to one's own page, as the letters lead."""
    page, email = people.page(), people.address()
    page.goto("/register")
    page.get_by_label("Как вас называть").fill("Ольга")
    page.get_by_label("Эл. почта").fill("olga")
    page.get_by_label("Пароль", exact=True).fill("short")
    page.get_by_role("button", name="Создать аккаунт").click()
    expect(page.get_by_label("Эл. почта")).to_be_focused()
    expect(page.get_by_text("Это не похоже на адрес")).to_be_visible()
    expect(page.get_by_text("Нужно не меньше 8 знаков")).to_be_visible()
    page.get_by_label("Эл. почта").fill(email)
    page.get_by_label("Пароль", exact=True).fill("password1")
    page.get_by_role("button", name="Создать аккаунт").click()
    expect(page.locator("sv-note[data-tone=bad]")).to_be_visible()  # the commonest are refused
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Создать аккаунт").click()
    expect(page.get_by_role("heading", name="Проверьте почту")).to_be_focused()
    page.goto(people.link(email, "confirm"))
    expect(page).to_have_url(re.compile(r"/confirm$"))
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Подтвердить").click()
    page.get_by_role("link", name="Войти").click()
    page.get_by_label("Эл. почта").fill(email)
    page.get_by_label("Пароль", exact=True).fill(PASSWORD)
    page.get_by_label("Пароль", exact=True).press("Enter")
    expect(page).to_have_url(re.compile(r"/account$"))
    expect(page.get_by_role("heading", name="Ольга")).to_be_visible()
    expect(page.locator("#next")).to_contain_text("не состоите в организации")


def test_one_click_enters_as_each_role(people: People) -> None:
    """PLAT-4: who enters sees his demo data and the next step."""
    page = people.page()
    for role, heading, waits in (
        ("Администратор", "Студия «Липа»", "Марина"),
        ("Мастер", "Ваши предстоящие визиты", "Марина"),
        ("Поддержка", "Предстоящие визиты", "Марина"),
        ("Клиент", "Ольга", "olga@lipa.example"),
    ):
        page.goto("/")
        page.get_by_text("Другие роли").click()
        page.get_by_role("button", name=f"Войти как: {role}").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page.locator("#next")).not_to_be_empty()
        expect(page.get_by_role("main")).to_contain_text(waits)


@pytest.mark.deep
def test_a_second_factor_is_set_up_and_used(people: People) -> None:
    """PLAT-32: the codes are shown once, the next login asks for one."""
    email = people.registered()
    page = signed_in(people.page(permissions=["clipboard-read", "clipboard-write"]), email)
    page.goto("/account#second-factor")
    page.get_by_label("Ваш пароль сейчас").fill(PASSWORD)
    page.get_by_role("button", name="Настроить").click()
    expect(page.get_by_role("heading", name="Отсканируйте")).to_be_focused()
    expect(page.locator("img.qr")).not_to_have_js_property("naturalWidth", 0)
    page.get_by_text("Ввести секрет вручную").click()
    totp = pyotp.TOTP(page.locator("details pre").inner_text())
    page.get_by_label("Код", exact=True).fill("000000")
    page.get_by_role("button", name="Включить").click()
    expect(page.locator("sv-note[data-tone=bad]")).to_be_visible()
    page.get_by_label("Код", exact=True).fill(totp.now())
    page.get_by_role("button", name="Включить").click()
    expect(page.get_by_role("heading", name="Сохраните коды восстановления")).to_be_focused()
    codes = page.locator(".secret pre").inner_text().split()
    assert len(codes) == 10
    page.get_by_role("button", name="Скопировать").click()
    expect(page.get_by_text("Скопировано.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()").split() == codes
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_url("**/login")
    sign_in(page, email)
    expect(page.get_by_role("heading", name="Ещё один шаг")).to_be_visible()
    expect(page.get_by_label("Код", exact=True)).to_be_focused()
    page.get_by_label("Код", exact=True).fill(codes[0])
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page).to_have_url(re.compile(r"/account$|/admin$"))


@pytest.mark.deep
def test_a_session_that_is_ended_elsewhere_is_over_here(people: People) -> None:
    """PLAT-31: when the token runs out the page is at the login, which leads back."""
    email = people.registered()
    here = people.page()
    here.clock.install()
    signed_in(here, email)
    here.goto("/account#sessions")
    there = signed_in(people.page(), email)
    there.goto("/account#sessions")
    there.get_by_role("button", name="Завершить").click()
    expect(there.get_by_text("Завершено")).to_be_visible()
    here.clock.fast_forward("11:00")
    here.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(here).to_have_url(re.compile(r"/login\?next=%2Faccount$"))


@pytest.mark.deep
def test_tabs_that_refresh_at_once_both_stay_in(people: People) -> None:
    """PLAT-31: no refresh token is spent twice, neither by two tabs nor by a page that is left in the middle."""
    email, browser = people.registered(), people.browser()
    one, other = signed_in(browser.new_page(), email), browser.new_page()
    other.goto("/account")
    for _ in range(4):
        for page in (one, other):
            page.reload(wait_until="commit")
    for page in (one, other):
        expect(page.locator("#next")).to_be_visible()
    other.get_by_role("button", name="Выйти").click()
    expect(one).to_have_url(re.compile("/login"))


@pytest.mark.deep
def test_a_locked_login_tells_how_long(people: People) -> None:
    """PLAT-31: guessing is slowed, and the page says until when."""
    page, email = people.page(), people.address()
    with httpx.Client(base_url=people.product.base_url) as http:
        for _ in range(5):
            http.post("/v1/accounts/login", json={"email": email, "password": "wrong"})
    sign_in(page, email, "wrong")
    expect(page.locator("sv-note")).to_contain_text(re.compile(r"через 00:\d\d"))
    expect(page.get_by_role("button", name="Войти", exact=True)).to_be_disabled()


@pytest.mark.deep
def test_the_login_leads_nowhere_else(people: People) -> None:
    page = people.page()
    page.goto("/")
    page.get_by_role("button", name="Войти как: Поддержка").click()
    expect(page.locator("#next")).to_be_visible()
    for asked in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"):
        page.goto(f"/login?next={asked}")
        page.wait_for_url(f"{people.product.base_url}/master")
        expect(page.locator("#next")).to_be_visible()


@pytest.mark.deep
def test_an_administrator_makes_a_key_and_invites(people: People) -> None:
    """PLAT-33, PLAT-37: the key is told once and works; the letter's link makes a member."""
    email, guest = people.registered(), people.registered()
    page = signed_in(people.page(), email)
    page.goto("/account#profile")
    _opened(page, "profile")
    page.get_by_label("Название").fill("Ателье «Нить»")
    page.get_by_role("button", name="Создать", exact=True).click()
    expect(page.get_by_role("heading", name="Ателье «Нить»")).to_be_visible()
    _opened(page, "keys")
    page.get_by_label("Название").fill("Касса")
    page.get_by_label("Видеть участников").check()
    page.get_by_role("button", name="Создать ключ").click()
    key = page.locator(".secret pre").inner_text()
    answer = httpx.get(f"{people.product.base_url}/v1/accounts/members", headers={"Authorization": f"Bearer {key}"})
    assert [member["email"] for member in answer.json()["items"]] == [email]
    _opened(page, "today")
    _opened(page, "keys")
    assert key not in page.content()
    _opened(page, "invitations")
    page.get_by_label("Эл. почта").fill(guest)
    page.get_by_label("Поддержка").check()
    page.get_by_role("button", name="Отправить приглашение").click()
    expect(page.get_by_role("cell", name=guest)).to_be_visible()
    newcomer = people.address()
    page.get_by_label("Эл. почта").fill(newcomer)
    page.get_by_label("Поддержка").check()
    page.get_by_role("button", name="Отправить приглашение").click()
    expect(page.get_by_role("cell", name=newcomer)).to_be_visible()
    first = people.page()
    first.goto(people.link(newcomer, "invitation"))
    first.get_by_label("Как вас называть").fill("Пётр")
    first.get_by_label("Пароль", exact=True).fill(PASSWORD)
    first.get_by_role("button", name="Создать аккаунт и вступить").click()
    expect(first.get_by_role("heading", level=1)).to_have_text("Аккаунт создан")
    sign_in(first, newcomer)
    expect(first.get_by_role("heading", level=1)).to_have_text("Предстоящие визиты")
    other = people.page()
    other.goto(people.link(guest, "invitation"))
    other.get_by_role("link", name="Войти").click()
    other.get_by_label("Эл. почта").fill(guest)
    other.get_by_label("Пароль", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Войти", exact=True).click()
    other.get_by_role("button", name="Принять приглашение").click()
    other.get_by_role("link", name="К работе").click()
    expect(other.get_by_role("heading", level=1)).to_have_text("Предстоящие визиты")


@pytest.mark.deep
def test_the_audit_log_is_told_in_words(people: People) -> None:
    """PLAT-35: words first, names and whole ids for those who search by them."""
    page = people.page(permissions=["clipboard-read", "clipboard-write"])
    page.goto("/")
    page.get_by_role("button", name="Войти как: Администратор").first.click()
    expect(page.locator("#next")).to_be_visible()
    page.goto("/admin#audit")
    _opened(page, "audit")
    page.get_by_label("Что", exact=True).select_option(label="Сеанс открыт")
    page.get_by_role("button", name="Найти").click()
    first = page.get_by_role("row").filter(has_text="accounts.session.opened").first
    expect(first).to_contain_text("Мария Липова")
    expect(first).to_contain_text("Сеанс открыт")
    expect(page.get_by_role("row").filter(has_text="booking.booking.created")).to_have_count(0)
    session = first.locator("[title^=ses_]")
    session.click()
    page.keyboard.press("Control+c")
    assert page.evaluate("navigator.clipboard.readText()") == session.get_attribute("title")
    page.get_by_label("Что", exact=True).select_option(label="Всё: Записи")
    page.get_by_role("button", name="Найти").click()
    guest = page.get_by_role("row").filter(has_text="booking.booking.created").first
    expect(guest).to_contain_text("гость127.0.0.0/24")
    expect(page.get_by_role("row").filter(has_text="accounts.session.opened")).to_have_count(0)


@pytest.mark.deep
def test_a_master_is_tied_to_the_one_whom_clients_book(people: People) -> None:
    """PLAT-33: without it a master sees no bookings, so the field stands beside the role."""
    page, email = people.page(), people.registered()
    signed_in(page, email)
    page.goto("/account#profile")
    _opened(page, "profile")
    page.get_by_label("Название").fill("Ателье «Нить»")
    page.get_by_role("button", name="Создать", exact=True).click()
    expect(page.get_by_role("heading", name="Ателье «Нить»")).to_be_visible()
    _opened(page, "members")
    page.get_by_role("button", name="Открыть: Ольга").click()
    tied = page.get_by_label("Мастер, к которому записываются")
    expect(tied).to_be_hidden()
    page.get_by_label("Мастер", exact=True).check()
    tied.fill("anna")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Такое значение не подходит.")).to_be_visible()
    tied.fill("mst_01a1f9708b7e7a698a78fc280d7dc2d3")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text("Сохранено: новые права")).to_be_visible()
    page.get_by_role("button", name="Все участники").click()
    page.get_by_role("button", name="Открыть: Ольга").click()
    expect(tied).to_have_value("mst_01a1f9708b7e7a698a78fc280d7dc2d3")


@pytest.mark.deep
def test_every_part_is_for_everybody(people: People) -> None:
    """PLAT-41: names, sizes and widths on a small phone; every word is there."""
    page = people.page()
    for path in (
        "/login",
        "/register",
        "/reset",
        "/reset#t",
        "/confirm",
        "/confirm#t",
        "/email#t",
        "/email#stop.t",
        "/invitation#t",
    ):
        page.goto("about:blank")
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate(SWEEP) == CLEAN, path
    page.goto("/")
    page.get_by_role("button", name="Войти как: Администратор").first.click()
    expect(page.locator("#next")).to_be_visible()
    for path in ("/admin", "/account"):
        page.goto(path)
        expect(page.locator(".panel .part:not([aria-busy])")).to_be_visible()
        for part in page.evaluate("[...document.querySelectorAll('.parts a')].map(each => each.hash.slice(1))"):
            _opened(page, part)
            assert page.evaluate(SWEEP) == CLEAN, f"{path}#{part}"


@pytest.mark.deep
def test_accounts_elsewhere_open_the_same_account(people: People) -> None:
    """PLAT-32: a newcomer comes by VK ID, connects Telegram, and comes by it."""
    page = people.page()
    page.goto("/login")
    page.get_by_role("link", name="Войти через VK ID").click()
    page.get_by_role("link").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    page.goto("/account#logins")
    page.get_by_role("link", name="Подключить Telegram").click()
    page.get_by_role("link").first.click()
    page.get_by_role("button", name="Подключить Telegram").click()
    expect(page.get_by_text("Подключено: теперь можно входить и так.")).to_be_visible()
    assert "#" not in page.url.removesuffix("#logins")
    page.get_by_role("button", name="Выйти").click()
    page.wait_for_timeout(1_100)  # Telegram signs the second: within one it says the same, which works once
    page.get_by_role("link", name="Войти через Telegram").click()
    page.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


@pytest.mark.deep
def test_a_page_that_gets_no_answer_says_so_and_tries_again(people: People) -> None:
    page = people.page()
    page.goto("/")
    page.get_by_role("button", name="Войти как: Поддержка").click()
    expect(page.locator("#next")).to_be_visible()
    page.route("**/v1/accounts/me", lambda route: route.abort())
    page.goto("/account")
    expect(page.get_by_role("alert")).to_have_text("Нет связи. Проверьте сеть и попробуйте снова.")
    page.unroute("**/v1/accounts/me")
    page.get_by_role("button", name="Попробовать снова").click()
    expect(page.locator("#next")).to_be_visible()


@pytest.mark.deep
def test_no_token_is_kept_where_a_script_could_read_it(people: People) -> None:
    page = people.page()
    page.goto("/")
    page.get_by_role("button", name="Войти как: Поддержка").click()
    expect(page.locator("#next")).to_be_visible()
    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")
    assert "svyaz_session" not in kept
    assert not re.search(r"eyJ|[A-Za-z0-9_-]{40}", json.dumps(json.loads(kept)))
