"""What letters about accounts say, in the reader's language; a token stands behind #, where no server sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from shared.i18n import Words, words
from shared.settings import settings


@dataclass(frozen=True)
class Letter:
    """A letter of a kind to an address, with the values that its text names."""

    kind: str
    to: str
    language: str
    values: dict[str, str]

    def changed(self, kind: str, **more: str) -> Letter:
        """A letter of another kind to the same reader."""
        return replace(self, kind=kind, values={**self.values, **more})


Text = tuple[str, str, str]


def written(letter: Letter) -> tuple[str, str]:
    """Its subject and its text.

    Raises: KeyError for a kind that there is not.
    """
    w = words(letter.language)
    subject, said, advice = TEXTS[letter.kind](w, letter.values)
    return subject, "\n\n".join(part for part in (said, advice) if part) + "\n"


def link(page: str, token: str) -> str:
    """The address of one of our pages, opened with a token."""
    return f"{settings().public_base_url}/{page}#{token}"


def _registration(w: Words, values: dict[str, str]) -> Text:
    """Nothing of what was typed stands in it: whoever registers a stranger's address shall not write to him by us."""
    said = w("Confirm that this address is yours:") + "\n" + link("confirm", values["token"])
    said += "\n\n" + w("The link holds for 24 hours and works once.")
    return w("Svyaz: confirm your address"), said, _ignore(w)


def _known(w: Words, _values: dict[str, str]) -> Text:
    said = w("Somebody, perhaps you, wanted to register with this address. You have an account already.")
    advice = w("Sign in, or set a new password if you forgot yours:") + "\n" + settings().public_base_url + "/login"
    return w("Svyaz: you already have an account"), said, advice


def _reset(w: Words, values: dict[str, str]) -> Text:
    said = w("Choose a new password here:") + "\n" + link("reset", values["token"])
    said += "\n\n" + w("The link holds for an hour and works once.")
    return w("Svyaz: a new password"), said, _ignore(w)


def _email_change(w: Words, values: dict[str, str]) -> Text:
    said = w("Confirm that you want to sign in with this address from now on:") + "\n" + link("email", values["token"])
    said += "\n\n" + w("The link holds for 24 hours and works once.")
    return w("Svyaz: confirm your new address"), said, _ignore(w)


def _taken(w: Words, _values: dict[str, str]) -> Text:
    said = w("Somebody, perhaps you, wanted to move another account to this address. It has an account already.")
    return w("Svyaz: this address is in use"), said, _ignore(w)


def _email_notice(w: Words, values: dict[str, str]) -> Text:
    said = w("Somebody, perhaps you, wants to change the address of your account.")
    advice = w("If it was not you, stop it here; for 7 days this also takes the change back:")
    return w("Svyaz: your address is being changed"), said, f"{advice}\n{link('email', 'stop.' + values['token'])}"


def _password_changed(w: Words, _values: dict[str, str]) -> Text:
    said = w("The password of your account was changed, and all other devices were signed out.")
    return w("Svyaz: your password was changed"), said, _if_not_you(w)


def _ways_changed(w: Words, _values: dict[str, str]) -> Text:
    said = w("A way to sign in to your account, or its second factor, was switched on or off.")
    undo = w("For a week a new password by letter also takes a new second factor off.")
    return w("Svyaz: a way into your account was changed"), f"{said} {undo}", _if_not_you(w)


def _strange_place(w: Words, values: dict[str, str]) -> Text:
    said = w("Somebody signed in to your account from a place or a device that is new.") + "\n"
    said += w("Network: {network}", network=values["network"]) + "\n" + w("Device: {device}", device=values["device"])
    return w("Svyaz: a login from a new place"), said, _if_not_you(w)


def _invitation(w: Words, values: dict[str, str]) -> Text:
    said = w("You are invited to {organisation}.", organisation=values["organisation"]) + "\n"
    said += w("Accept the invitation here:") + "\n" + link("invitation", values["token"])
    said += "\n\n" + w("The link holds for 7 days and works once.")
    return w("Svyaz: an invitation to {organisation}", organisation=values["organisation"]), said, _ignore(w)


def _ignore(w: Words) -> str:
    return w("If you did not ask for this, do nothing.")


def _if_not_you(w: Words) -> str:
    return w("If it was not you, set a new password at once:") + "\n" + settings().public_base_url + "/login"


TEXTS: Final[dict[str, Callable[[Words, dict[str, str]], Text]]] = {
    "registration": _registration,
    "known": _known,
    "reset": _reset,
    "email_change": _email_change,
    "taken": _taken,
    "email_notice": _email_notice,
    "password_changed": _password_changed,
    "ways_changed": _ways_changed,
    "strange_place": _strange_place,
    "invitation": _invitation,
}
