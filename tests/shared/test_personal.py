"""A person is known where some system knows him, by all that systems know."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared import personal
from shared.bus import Contact, PersonNamed
from shared.errors import NotFound
from shared.personal import SYSTEMS, Person, Section

CHAT = Contact(channel="telegram", account_id="bot_anna", chat="1")
KNOWN = Person(org_id="org_lipa", client_id="cli_1", contacts=(CHAT,))


class Fake:
    """A system that knows one person, or nobody."""

    def __init__(self, found: Person | None) -> None:
        self.found = found
        self.asked: list[Person] = []

    def find(self, person: Person) -> Person | None:
        """The one."""
        self.asked.append(person)
        return self.found

    def export(self, _person: Person) -> Iterator[Section]:
        """Nothing."""
        return iter(())

    def remove(self, _person: Person) -> int:
        """Nothing."""
        return 0


def _systems(monkeypatch: pytest.MonkeyPatch, found: dict[str, Person]) -> dict[str, Fake]:
    fakes = {name: Fake(found.get(name)) for name in SYSTEMS}
    monkeypatch.setattr(personal, "system", fakes.__getitem__)
    return fakes


@pytest.mark.parametrize("knows", SYSTEMS)
def test_one_system_that_knows_him_is_enough(knows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _systems(monkeypatch, {knows: KNOWN})
    assert personal.recognised(Person(org_id="org_lipa", client_id="cli_1")) == KNOWN


def test_what_one_system_knows_is_told_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    fakes = _systems(monkeypatch, {SYSTEMS[0]: KNOWN})
    personal.recognised(Person(org_id="org_lipa", client_id="cli_1"))
    assert fakes[SYSTEMS[1]].asked == [KNOWN]


def test_whom_nobody_knows_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    _systems(monkeypatch, {})
    with pytest.raises(NotFound):
        personal.recognised(KNOWN)


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_system_offers_all_of_it(name: str) -> None:
    """PLAT-23."""
    found = personal.system(name)
    assert all(callable(getattr(found, function)) for function in ("find", "export", "remove"))


def test_booking_is_the_last_to_forget() -> None:
    """It alone knows in which chats a client is found, and a removal may break off."""
    assert SYSTEMS[-1] == "booking"


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({"user_id": "usr_1"}, "usr_1"),
        ({"client_id": "cli_1", "booking_id": "bkg_1"}, "cli_1"),
        ({"booking_id": "bkg_1"}, "bkg_1"),
    ],
)
def test_a_person_is_called_by_an_id(named: dict[str, str], expected: str) -> None:
    assert PersonNamed(**named).id == expected
