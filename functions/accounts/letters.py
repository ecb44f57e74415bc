"""Letters about accounts: asked for by whoever has something to say, written and sent by a queue.

What a letter is to say is kept sealed until it is sent; the queue carries its id alone. Whether an address is known is
looked up here and not by the request, so that the request takes the same time for every address.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Annotated, Final

from pydantic import Field
from pynamodb.attributes import UnicodeAttribute

from functions.accounts.entry import pending
from functions.accounts.entry.addresses import mailbox
from functions.accounts.letter_texts import Letter, written
from functions.accounts.models import IdentityKind
from functions.accounts.people import identities
from functions.accounts.tables import AccountsItem, user_key
from shared import audit, limits, log, mail, queues, vault
from shared.bus import Body, Envelope
from shared.clock import epoch_s, now
from shared.errors import (
    Contended,
    InvalidPayload,
    ProviderRejected,
    ProviderThrottled,
    ProviderUnavailable,
    TooManyRequests,
)
from shared.ids import new_id
from shared.tables import find

QUEUE: Final = "accounts-mail"
ASKED: Final = "accounts.letter"
SK: Final = "letter"
KEPT: Final = timedelta(days=14)
PER_ADDRESS: Final = 10
HOUR_S: Final = 3600
LIMITED: Final = frozenset({"registration", "reset", "email_change"})


class LetterItem(AccountsItem):
    """A letter that is to be sent: `letter#<id>` / `letter`; `content` is sealed."""

    kind = UnicodeAttribute()
    content = UnicodeAttribute()


class LetterAsked(Body):
    """A letter that is to be sent."""

    letter_id: Annotated[str, Field(min_length=1, max_length=60)]


def ask(kind: str, *, to: str, language: str, **values: str) -> None:
    """Has a letter of a kind written to an address; `values` are what its text names."""
    letter_id = new_id("let")
    keep(letter_id, Letter(kind, to, language, values))
    body = LetterAsked(letter_id=letter_id)
    queues.send(QUEUE, queues.envelope(ASKED, body, org_id=audit.NOBODY, actor="accounts"))


def tell(kind: str, *, to: str, language: str, **values: str) -> None:
    """The same about what was done already, which does not fail where no letter can be asked for now."""
    try:
        ask(kind, to=to, language=language, **values)
    except (Contended, ProviderThrottled, ProviderUnavailable) as error:
        log.warning("letter.untold", kind=kind, reason=error.kind)
        log.count("LetterUntold", kind=kind)


def keep(letter_id: str, letter: Letter) -> None:
    """Stores what a letter is to say until it is sent."""
    content = json.dumps({"to": letter.to, "language": letter.language, "values": letter.values})
    LetterItem(
        _key(letter_id),
        SK,
        kind=letter.kind,
        content=vault.encrypt(content, _context(letter_id)),
        expires_at=epoch_s(now() + KEPT),
    ).save()


def take(message: Envelope) -> None:
    """Sends the letter that a message asks for, once; a repeated message finds nothing to send.

    Raises: InvalidPayload for a letter that there is not.
    """
    letter_id = message.read(LetterAsked).letter_id
    item = find(LetterItem, _key(letter_id), SK)
    if item is None:
        log.info("letter.repeated", letter_id=letter_id)
        return
    content = json.loads(vault.decrypt(item.content, _context(letter_id)))
    letter = _right(Letter(item.kind, content["to"], content["language"], content["values"]))
    if letter is not None:
        _send(letter)
    item.delete()


def _right(asked: Letter) -> Letter | None:
    """The letter that is right for its reader; None where he is to get none."""
    if asked.kind in LIMITED and not _is_within_limit(asked):
        return None
    if asked.kind == "registration" and identities.owner_of(IdentityKind.EMAIL, asked.to):
        return asked.changed("known")
    if asked.kind == "email_change" and identities.owner_of(IdentityKind.EMAIL, asked.to):
        return asked.changed("taken")
    if asked.kind == "reset":
        user_id = identities.owner_of(IdentityKind.EMAIL, asked.to)
        return asked.changed("reset", token=_reset_token(user_id, asked.to)) if user_id else None
    return asked


def _reset_token(user_id: str, address: str) -> str:
    """The token of a reset, which is good only while the person has the address that it goes to."""
    return pending.renewed(user_key(user_id), pending.RESET, {"to": address})


def _is_within_limit(asked: Letter) -> bool:
    """Whether the reader has not been sent too many of these; those that he has keep their links.

    Shape: counted are all names of his mailbox; of a reset, which nobody gets but who has an account with the very
    address, that alone: others would use up by letters that are never sent what he needs to get in.
    """
    reader = asked.to if asked.kind == "reset" else mailbox(asked.to)
    try:
        limits.spend(f"letter-{asked.kind}", reader, PER_ADDRESS, HOUR_S)
    except TooManyRequests:
        log.warning("letter.limited", kind=asked.kind)
        return False
    return True


def _send(letter: Letter) -> None:
    try:
        subject, text = written(letter)
    except KeyError:
        raise InvalidPayload("There is no such letter.") from None
    try:
        mail.send(letter.to, subject, text)
    except ProviderRejected:
        log.warning("letter.rejected", kind=letter.kind)
        return
    log.count("LetterSent", kind=letter.kind)


def _key(letter_id: str) -> str:
    return f"letter#{letter_id}"


def _context(letter_id: str) -> str:
    return f"accounts|{_key(letter_id)}|content"
