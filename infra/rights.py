"""Writes the manual's table of rights from `shared/rights.py`; with `--check` only tells whether it is up to date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from shared.rights import ROLES, Right, Role

DOCS = Path(__file__).parents[1] / "docs"
YES, NO = "●", ""


class Told(NamedTuple):
    """A name in the manual's two languages."""

    en: str
    ru: str


TITLE = Told("Roles and rights", "Роли и права")
ABOUT = Told(
    "Every route names the right it needs. A person has the rights of all his roles in the organisation that he is"
    " signed in to, and none in any other. An API key has the rights that it was made with, each of which its maker"
    " had. Nobody can give rights that he does not have.",
    "Каждый маршрут называет право, которое ему нужно. У человека есть права всех его ролей в той организации, в"
    " которую он вошёл, и ни одного в других. У ключа API есть те права, с которыми его создали, и каждое из них было"
    " у создавшего. Дать право, которого нет у тебя самого, нельзя.",
)
WRITTEN = Told(
    "This page is written by `python -m infra.rights` from `shared/rights.py`.",
    "Эту страницу пишет `python -m infra.rights` по `shared/rights.py`.",
)
ROLES_TITLE = Told("Roles", "Роли")
ROLE = Told("Role", "Роль")
WHO = Told("Who it is", "Кто это")
RIGHTS_TITLE = Told("Rights", "Права")
RIGHT = Told("Right", "Право")
ALLOWS = Told("Allows", "Позволяет")
GIVEN = Told("Who has what", "Кому что можно")
ROLE_NAMES: dict[Role, Told] = {
    Role.ADMINISTRATOR: Told("Administrator", "Администратор"),
    Role.MASTER: Told("Master", "Мастер"),
    Role.CLIENT: Told("Client", "Клиент"),
    Role.SMS_OPERATOR: Told("SMS operator", "Оператор SMS"),
    Role.SERVICE: Told("Service (another program)", "Сервис (другая программа)"),
    Role.ANALYST: Told("Analyst", "Аналитик"),
    Role.SMM_DIRECTOR: Told("SMM director", "Руководитель SMM"),
    Role.BUYER: Told("Buyer", "Покупатель"),
    Role.SELLER: Told("Seller", "Продавец"),
    Role.SHOP: Told("Shop", "Магазин"),
    Role.MARKETPLACE_STAFF: Told("Marketplace staff", "Сотрудник площадки"),
    Role.SUPPORT: Told("Support", "Поддержка"),
    Role.ANTI_FRAUD: Told("Anti-fraud", "Антифрод"),
    Role.MARKETING: Told("Marketing", "Маркетинг"),
}
RIGHT_NAMES: dict[Right, Told] = {
    Right.ORGANISATION_READ: Told("see the organisation and its teams", "видеть организацию и её команды"),
    Right.ORGANISATION_CHANGE: Told("rename the organisation, change its settings", "менять название и настройки"),
    Right.MEMBERS_READ: Told("see members and invitations", "видеть участников и приглашения"),
    Right.MEMBERS_CHANGE: Told("invite, change roles, remove", "приглашать, менять роли, исключать"),
    Right.TEAMS_CHANGE: Told("make, rename and remove teams", "создавать, переименовывать и удалять команды"),
    Right.SESSIONS_END: Told("see and end members' logins", "видеть и завершать входы участников"),
    Right.KEYS_READ: Told("see API keys and what test keys sent", "видеть ключи API и отправленное тестовыми"),
    Right.KEYS_CHANGE: Told("make and revoke API keys", "создавать и отзывать ключи API"),
    Right.AUDIT_READ: Told("search the audit log", "искать в журнале действий"),
    Right.NOTICES_READ: Told("see notices of suspicious activity", "видеть сообщения о подозрительном"),
    Right.PEOPLE_EXPORT: Told("export a person's data", "выгружать данные человека"),
    Right.PEOPLE_REMOVE: Told("remove a person's data", "удалять данные человека"),
    Right.BOOKINGS_READ: Told("see all masters' bookings", "видеть записи ко всем мастерам"),
    Right.BOOKINGS_READ_OWN: Told("see one's own bookings as a master", "видеть записи к себе как к мастеру"),
    Right.CATALOGUE_CHANGE: Told("change services, places and hours", "менять услуги, места и часы"),
    Right.SMS_SEND: Told("send SMS", "отправлять SMS"),
    Right.SMS_READ: Told("see SMS and their states", "видеть SMS и их состояния"),
    Right.CONTACT_RULES_READ: Told("see contact rules", "видеть правила контактов"),
    Right.CONTACT_RULES_CHANGE: Told("change contact rules", "менять правила контактов"),
    Right.SOURCES_READ: Told("see watched sources", "видеть наблюдаемые источники"),
    Right.SOURCES_CHANGE: Told("add and remove watched sources", "добавлять и убирать источники"),
    Right.REPORTS_READ: Told("read reports", "читать отчёты"),
    Right.REPORTS_CHANGE: Told("set up reports", "настраивать отчёты"),
    Right.CALLS_JOIN: Told("join calls", "участвовать в звонках"),
    Right.CALLS_OPEN: Told("open calls", "открывать звонки"),
    Right.RECORDINGS_READ: Told("hear recordings, read transcripts", "слушать записи, читать расшифровки"),
    Right.DEALS_READ: Told("see deals", "видеть сделки"),
    Right.FRAUD_DECIDE: Told("decide on suspected fraud", "решать по подозрениям в мошенничестве"),
    Right.FUNNELS_READ: Told("see funnels", "видеть воронки"),
    Right.DIALOGS_READ: Told("read dialogs", "читать диалоги"),
    Right.DIALOGS_ANSWER: Told("answer in dialogs", "отвечать в диалогах"),
    Right.SCRIPTS_CHANGE: Told("change the robot's scripts", "менять сценарии робота"),
}


def page(language: str) -> str:
    """The page in a language, `en` or `ru`."""
    return "\n".join(_lines(language)) + "\n"


def pages() -> dict[Path, str]:
    """Both pages by their files."""
    return {DOCS / "rights.md": page("en"), DOCS / "rights.ru.md": page("ru")}


def main(arguments: list[str]) -> int:
    """0 when the pages are written or up to date, 1 when `--check` finds that one differs."""
    parser = argparse.ArgumentParser(prog="python -m infra.rights", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when a page differs")
    is_check = parser.parse_args(arguments).check
    for path, text in pages().items():
        if not is_check:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path.name}: the rights have changed: run python -m infra.rights", file=sys.stderr)
            return 1
    return 0


def _lines(language: str) -> Iterator[str]:
    def say(told: Told) -> str:
        return str(getattr(told, language))

    yield from (f"# {say(TITLE)}", "", say(ABOUT), "", say(WRITTEN), "")
    yield from (f"## {say(ROLES_TITLE)}", "")
    yield from _table([say(ROLE), say(WHO)], [[f"`{role}`", say(ROLE_NAMES[role])] for role in Role])
    yield from ("", f"## {say(RIGHTS_TITLE)}", "")
    yield from _table([say(RIGHT), say(ALLOWS)], [[f"`{right}`", say(RIGHT_NAMES[right])] for right in Right])
    yield from ("", f"## {say(GIVEN)}", "")
    marks = [[f"`{right}`", *(YES if right in ROLES[role] else NO for role in Role)] for right in Right]
    yield from _table([say(RIGHT), *(f"`{role}`" for role in Role)], marks)


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(row)} |"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
