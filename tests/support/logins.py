"""People with a password, the letters that they get, and the links in these."""

from __future__ import annotations

import re
from typing import Any

from functions.accounts import letters
from functions.accounts.entry import passwords, registration
from functions.accounts.models import Tokens
from functions.accounts.tokens.sessions import Place
from shared.bus import Envelope
from shared.tables import Transaction
from tests.support.known_people import EMAIL, NAME, PASSWORD
from tests.support.moto_aws import sent_mail, waiting

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)
HOME = Place("203.0.113.7", "Chrome, Windows")
AWAY = Place("198.51.100.9", "Firefox, Linux")
LINK = re.compile(r"http\S+/(\w+)#(\S+)")


def registered(email: str = EMAIL, password: str = PASSWORD, name: str = NAME, language: str = "en") -> str:
    """The id of somebody who can log in."""
    transaction = Transaction()
    user_id = registration.create_user(
        transaction, name=name, language=language, email=email, password_hash=passwords.hashed(password)
    )
    transaction.commit()
    return user_id


def delivered() -> list[Any]:
    """The letters that were sent, once all that were asked for are written."""
    for body in waiting(letters.QUEUE):
        letters.take(Envelope.model_validate_json(body))
    return sent_mail()


def link(page: str) -> str:
    """The token in the last letter's link to a page."""
    found: list[str] = [token for letter in delivered() for name, token in LINK.findall(letter.body) if name == page]
    return found[-1]


def subjects() -> list[str]:
    """What the letters that were sent are about."""
    return [letter.subject for letter in delivered()]


def tokens(given: Any) -> Tokens:
    """The tokens of somebody who is in."""
    found: Tokens = given.tokens
    return found
