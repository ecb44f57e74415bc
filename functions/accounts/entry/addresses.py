"""E-mail addresses in the one form that they are stored, compared and written to in.

Source: RFC 5321 section 4.5.3.1, RFC 5322 section 3.2.3 (atoms), RFC 5891 (read 2026-11-20).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from shared.errors import InvalidField

MOST: Final = 254
LOCAL_MOST: Final = 64
ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
LOCAL = re.compile(rf"{ATOM}(\.{ATOM})*", re.ASCII)
LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
TOP = re.compile(r"(?=.*[a-z])[a-z0-9-]{2,63}", re.ASCII)
ENCODED: Final = "xn--"
JAPANESE: Final = frozenset({"CJK", "HIRAGANA", "KATAKANA"})


def normalised(text: str) -> str:
    """The address in lower-case ASCII, an international domain as it stands in the domain name system.

    Shape: the part before @ has Latin letters, so that none of another alphabet passes for one; quoted parts, comments,
    addresses by number and a domain without a dot are none that a person has.
    Raises: InvalidField.
    """
    if len(text) > MOST:
        raise InvalidField("The e-mail address is too long.")
    local, _, domain = text.rpartition("@")
    name = local.lower() if local.isascii() else ""
    if len(name) > LOCAL_MOST or not LOCAL.fullmatch(name):
        raise InvalidField("This is no e-mail address: before @ stand Latin letters, digits and signs like . _ - +.")
    address = f"{name}@{_domain(domain)}"
    if len(address) > MOST:
        raise InvalidField("The e-mail address is too long.")
    return address


def mailbox(address: str) -> str:
    """The mailbox of a normalised address: what stands behind + before @ is no other one."""
    name, _, domain = address.rpartition("@")
    return f"{name.partition('+')[0]}@{domain}"


def _domain(text: str) -> str:
    labels = [_label(label) for label in text.split(".")]
    if len(labels) == 1 or not TOP.fullmatch(labels[-1]):
        raise _no_domain()
    return ".".join(labels)


def _label(text: str) -> str:
    """A part of a domain in ASCII; one that is encoded already is taken apart, so that both forms obey one rule."""
    lower = text.lower()
    if text.isascii() and not lower.startswith(ENCODED):
        if not LABEL.fullmatch(lower) or lower[2:4] == "--":
            raise _no_domain()
        return lower
    return _international(lower)


def _international(label: str) -> str:
    import idna  # noqa: PLC0415  # its tables are large, and most domains need none of them

    try:
        encoded = idna.alabel(unicodedata.normalize("NFC", label)).decode("ascii")
        letters = idna.ulabel(encoded)
    except (UnicodeError, ValueError):
        raise _no_domain() from None
    if letters.isascii():
        raise _no_domain()
    if not _is_one_alphabet(letters):
        raise InvalidField("The e-mail address mixes letters of different alphabets.")
    return encoded


def _is_one_alphabet(letters: str) -> bool:
    """Whether no letter can pass for one of another alphabet; the first word of a letter's name tells its alphabet."""
    found = {unicodedata.name(each, "?").split(" ", 1)[0] for each in letters if each.isalpha()}
    return len(found) <= 1 or found <= JAPANESE


def _no_domain() -> InvalidField:
    return InvalidField("This is no e-mail address: after @ stands a domain such as example.com.")
