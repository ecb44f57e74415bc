"""Recovery codes: what opens an account once when the phone is lost. Only their keyed digests are stored."""

from __future__ import annotations

import re
import secrets

from shared.keys import lookup_key

COUNT = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
HALF = 5
FORM = re.compile(rf"[{ALPHABET}]{{{2 * HALF}}}")


def new_codes() -> tuple[str, ...]:
    """Ten fresh codes such as `k7xqm-29fdt`, of almost 50 random bits each."""
    return tuple(f"{_half()}-{_half()}" for _ in range(COUNT))


def plain(code: str) -> str:
    """A code as it is compared: people write it with spaces, dashes and capitals, or without."""
    return re.sub(r"[\s-]", "", code).lower()


def digests(user_id: str, codes: tuple[str, ...]) -> str:
    """What is stored of a person's codes."""
    return " ".join(digest(user_id, code) for code in codes)


def digest(user_id: str, code: str) -> str:
    """The digest of one code, another one for every person."""
    return lookup_key("recovery", f"{user_id}|{plain(code)}")


def _half() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(HALF))
