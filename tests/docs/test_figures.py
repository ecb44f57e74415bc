"""The figures that manuals tell are those of the code."""

from __future__ import annotations

import pytest

from functions.accounts import authorizer
from functions.accounts.entry import lockout, passwords, pending, second_factor
from functions.accounts.organisation import invitations
from functions.accounts.people.personal_requests import FILE_MAX_BYTES
from functions.accounts.tokens import access_tokens, sessions
from infra.packaging.functions import LOGS_KEPT_DAYS
from shared import data_keys, kept_messages, personal_requests, revocations
from shared.settings import Settings
from shared.sockets import TICKET_KEPT
from tests.docs.manuals import DOCS, read

HASH = (passwords.MEMORY_KIB // 1024, passwords.PASSES, passwords.LANES)
WAIT = (lockout.ACCOUNT.pause_s, lockout.ACCOUNT.longest_s // 60)
WAIT_OF_CODES = (second_factor.GUESSES.pause_s // 60, second_factor.GUESSES.longest_s // 60)
LIFE = (sessions.IDLE_MOST.days, sessions.LIVES_MOST.days)
STOP = pending.LIFE[pending.EMAIL_STOP].days
ACCESS = access_tokens.LIFE.seconds // 60
FILE = (FILE_MAX_BYTES >> 20, personal_requests.KEPT.days)
LOGS = (LOGS_KEPT_DAYS["dev"], LOGS_KEPT_DAYS["prod"])
AUDIT = Settings._field_defaults["audit_kept_days"]
FIGURES = [
    ("accounts.md", "up to {} days without use, {} days at the most", LIFE),
    ("accounts.ru.md", "до {} дней без дела и не дольше {} дней", LIFE),
    ("accounts.md", "for {} days it even takes it back", (STOP,)),
    ("accounts.ru.md", "а ещё {} дней и отменяет её", (STOP,)),
    ("accounts.md", "invitation holds for {} days", (invitations.STANDS.days,)),
    ("accounts.ru.md", "Приглашение действует {} дней", (invitations.STANDS.days,)),
    ("administration.md", "Up to {} invitations a day, and {} a day", (invitations.PER_DAY, invitations.PER_ADDRESS)),
    (
        "administration.ru.md",
        "Не больше {} приглашений в день и {} в день",
        (invitations.PER_DAY, invitations.PER_ADDRESS),
    ),
    ("administration.md", "kept for {:,} days", (AUDIT,)),
    ("administration.ru.md", "хранятся {} дней", (AUDIT,)),
    ("api.md", "access token | {} minutes", (ACCESS,)),
    ("api.ru.md", "токен доступа | {} минут", (ACCESS,)),
    ("api.md", "{} MB, kept for {} days", FILE),
    ("api.ru.md", "{} МБ, хранится {} дней", FILE),
    ("api.md", "opens one connection, within {} seconds", (TICKET_KEPT.seconds,)),
    ("api.ru.md", "одно соединение в течение {} секунд", (TICKET_KEPT.seconds,)),
    ("security.md", "{} MiB of memory, {} passes, {} lane,", HASH),
    ("security.ru.md", "{} МиБ памяти, {} прохода, {} поток,", HASH),
    ("security.md", "exist) | 4, the fifth begins the wait | {} s | {} min", WAIT),
    ("security.ru.md", "несуществующий тоже) | 4, пятая начинает паузу | {} с | {} мин", WAIT),
    ("security.md", "second factor | 4, the fifth begins it | {} min | {} min", WAIT_OF_CODES),
    ("security.ru.md", "второго фактора | 4, пятая начинает паузу | {} мин | {} мин", WAIT_OF_CODES),
    ("security.md", "once its copy is {:.0f} seconds old", (revocations.FRESH_S,)),
    ("security.ru.md", "когда копии исполнится {:.0f} секунд", (revocations.FRESH_S,)),
    ("security.md", "what it has for {:.0f} seconds", (revocations.TRUSTED_S,)),
    ("security.ru.md", "тому, что знает, всего {:.0f} секунд", (revocations.TRUSTED_S,)),
    ("security.md", "keeps its answer for {} seconds", (authorizer.KEPT_S,)),
    ("security.ru.md", "помнит ответ {} секунд", (authorizer.KEPT_S,)),
    ("security.md", "A new one is taken every {} days", (data_keys.USED_FOR.days,)),
    ("security.ru.md", "Каждые {} дней берётся новый", (data_keys.USED_FOR.days,)),
    ("security.md", "{} days in `dev`, {} in `prod`", LOGS),
    ("security.ru.md", "{} дней в `dev` и {} в `prod`", LOGS),
    ("security.md", "its default, {}.", (AUDIT,)),
    ("security.ru.md", "по умолчанию: {}.", (AUDIT,)),
]


@pytest.mark.parametrize(("file", "told", "figures"), FIGURES)
def test_a_manual_tells_the_figures_of_the_code(file: str, told: str, figures: tuple[int, ...]) -> None:
    """PLAT-43: a figure that changes in the code is changed in both languages."""
    assert told.format(*figures) in " ".join(read(DOCS / file).split())


def test_the_week_of_test_messages_is_told_in_words() -> None:
    assert kept_messages.KEPT.days == 7
    assert "kept for seven days" in " ".join(read(DOCS / "api.md").split())


def test_waits_begin_at_the_guess_that_manuals_name() -> None:
    assert (lockout.ACCOUNT.free, second_factor.GUESSES.free, lockout.ADDRESS.free) == (5, 5, 30)
