"""The page where a person lets an application know him."""

from __future__ import annotations

from collections.abc import Sequence

from infra.local.fakes import choosing
from infra.local.fakes.vkid.state import EMAIL, Asked, VkPerson

STYLE = "page.css"
EXPLANATION = choosing.page(
    "VK ID на вашем компьютере · VK ID on your own machine",
    "Сюда приводит кнопка «Войти с VK ID». The button “Sign in with VK ID” leads here.",
    STYLE,
)


def choice(asked: Asked, people: Sequence[VkPerson], query: str) -> str:
    """The page with everybody who could sign in; the links repeat the query of the application."""
    name = asked.application.name
    told = "имя и почту · your name and e-mail" if EMAIL in asked.scopes else "имя · your name"
    links = [
        (
            f"authorize/as/{person.user_id}?{query}",
            f"{person.first_name} {person.last_name}",
            person.email or f"id{person.user_id}",
        )
        for person in people
    ]
    return choosing.page(
        f"Войти в {name} с VK ID · Sign in to {name}",
        f"Приложение узнает {told}.",
        STYLE,
        [*links, (f"authorize/decline?{query}", "Отказаться · Decline", "")],
    )
