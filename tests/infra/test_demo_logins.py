"""The demo's application at VK ID."""

from __future__ import annotations

from functions.accounts.outside import arrival, telegram, vk
from infra import demo_data, demo_logins
from shared.secrets import document


def test_vk_id_sends_browsers_where_we_wait_for_them() -> None:
    assert demo_logins.VK_CALLBACK == arrival.CALLBACK


def test_the_demo_signs_people_in_by_its_first_bot_and_by_vk_id(aws: None) -> None:
    demo_data.seed({}, {"bot_anna": "700000001:drawn"})
    assert vk.is_set_up()
    assert document("login/telegram") == {"bot_username": "svyaz_anna_bot", "bot_token": "700000001:drawn"}
    assert telegram.bot_username() == "svyaz_anna_bot"
