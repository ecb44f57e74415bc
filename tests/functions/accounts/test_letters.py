"""Letters about accounts."""

from __future__ import annotations

import pytest

from functions.accounts import letter_texts, letters
from functions.accounts.letter_texts import TEXTS, Letter, written
from functions.accounts.letters import LetterItem
from shared.bus import Envelope
from shared.errors import InvalidPayload, ProviderUnavailable
from shared.i18n import languages
from shared.vault import Unreadable
from tests.support import logs
from tests.support.aws_calls import refusing, watched
from tests.support.clock import Clock, stopped
from tests.support.known_people import EMAIL, OTHER_EMAIL
from tests.support.logins import delivered, link, registered, subjects
from tests.support.moto_aws import sent_mail, waiting

pytestmark = pytest.mark.usefixtures("aws")
VALUES = {"token": "t0", "organisation": "Lipa", "network": "203.0.113.0/24", "device": "Chrome, Windows"}


def _queued() -> Envelope:
    (body,) = waiting(letters.QUEUE)
    return Envelope.model_validate_json(body)


@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("language", languages())
def test_every_letter_in_every_language(kind: str, language: str) -> None:
    """PLAT-42."""
    subject, text = written(Letter(kind, EMAIL, language, VALUES))
    assert subject
    assert "\n" not in subject
    assert "{" not in subject + text


@pytest.mark.parametrize(
    ("kind", "page"),
    [
        ("registration", "confirm#t0"),
        ("reset", "reset#t0"),
        ("email_change", "email#t0"),
        ("email_notice", "email#stop.t0"),
        ("invitation", "invitation#t0"),
    ],
)
def test_links_lead_to_our_pages_with_the_token_behind_the_sign(kind: str, page: str) -> None:
    """What stands behind # is sent to no server and stands in no log; and no link leads elsewhere."""
    _, text = written(Letter(kind, EMAIL, "en", VALUES))
    assert f"http://127.0.0.1:8000/{page}\n" in text
    assert text.count("http") == 1


def test_a_letter_goes_to_its_reader() -> None:
    letters.ask("password_changed", to=EMAIL, language="en")
    (letter,) = delivered()
    assert letter.destinations["ToAddresses"] == [EMAIL]
    assert letter.subject == "Svyaz: your password was changed"


@pytest.mark.parametrize(("service", "operation"), [("sqs", "SendMessage"), ("dynamodb", "PutItem")])
def test_what_was_done_already_does_not_fail_for_want_of_a_letter(service: str, operation: str) -> None:
    with refusing(service, operation, "ThrottlingException"), logs.kept() as logged:
        letters.tell("password_changed", to=EMAIL, language="en")
    assert [line["kind"] for line in logged.named("letter.untold")] == ["password_changed"]
    assert delivered() == []


def test_a_repeated_message_sends_nothing() -> None:
    """PLAT-11."""
    letters.ask("password_changed", to=EMAIL, language="en")
    message = _queued()
    letters.take(message)
    letters.take(message)
    assert len(sent_mail()) == 1


def test_what_ses_cannot_send_now_comes_again() -> None:
    letters.ask("password_changed", to=EMAIL, language="en")
    message = _queued()
    with refusing("ses", "SendEmail", "InternalFailure", 500), pytest.raises(ProviderUnavailable):
        letters.take(message)
    letters.take(message)
    assert len(sent_mail()) == 1


def test_what_ses_refuses_for_good_is_over() -> None:
    letters.ask("password_changed", to=EMAIL, language="en")
    with refusing("ses", "SendEmail", "MessageRejected"):
        letters.take(_queued())
    assert sent_mail() == []


def test_a_letter_that_there_is_not_is_put_aside() -> None:
    letters.ask("nonsense", to=EMAIL, language="en")
    with pytest.raises(InvalidPayload):
        letters.take(_queued())


def test_a_body_that_is_none_is_put_aside() -> None:
    letters.ask("password_changed", to=EMAIL, language="en")
    with pytest.raises(InvalidPayload):
        letters.take(_queued().model_copy(update={"body": {"letter_id": 7}}))


def test_what_a_letter_says_opens_in_no_other_letter() -> None:
    """PLAT-22."""
    for address in (EMAIL, OTHER_EMAIL):
        letters.ask("password_changed", to=address, language="en")
    first, second = LetterItem.scan()
    first.update([LetterItem.content.set(second.content)])
    with pytest.raises(Unreadable):
        delivered()


def test_what_was_sent_is_not_kept() -> None:
    letters.ask("password_changed", to=EMAIL, language="en")
    (row,) = LetterItem.scan()
    assert EMAIL not in str(row.attribute_values)
    delivered()
    assert list(LetterItem.scan()) == []


def test_nobody_is_flooded(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-34: ten letters of a kind an hour; others get theirs, and the last link still works."""
    clock: Clock = stopped(monkeypatch)
    registered()
    for _ in range(13):
        letters.ask("reset", to=EMAIL, language="en")
    letters.ask("registration", to=OTHER_EMAIL, language="en", token="t0")
    assert subjects().count("Svyaz: a new password") == letters.PER_ADDRESS
    assert subjects().count("Svyaz: confirm your address") == 1
    clock.forward(hours=1)
    letters.ask("reset", to=EMAIL, language="en")
    assert subjects().count("Svyaz: a new password") == letters.PER_ADDRESS + 1


def test_sub_addresses_are_one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-34: whoever floods a mailbox writes to it under as many names as he likes."""
    stopped(monkeypatch)
    for at in range(letters.PER_ADDRESS + 3):
        letters.ask("registration", to=f"olga+{at}@example.org", language="en", token="t0")
    assert len(delivered()) == letters.PER_ADDRESS


def test_resets_of_sub_addresses_that_nobody_has_keep_no_letter_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """PLAT-34: a letter always helps, whoever wants to keep it from its reader."""
    stopped(monkeypatch)
    registered()
    name, _, domain = EMAIL.partition("@")
    for at in range(letters.PER_ADDRESS + 3):
        letters.ask("reset", to=f"{name}+{at}@{domain}", language="en")
    letters.ask("reset", to=EMAIL, language="en")
    assert subjects() == ["Svyaz: a new password"]


def test_asking_again_voids_no_link() -> None:
    registered()
    letters.ask("reset", to=EMAIL, language="en")
    first = link("reset")
    letters.ask("reset", to=EMAIL, language="en")
    assert link("reset") == first


def test_a_reset_of_an_unknown_address_sends_nothing() -> None:
    letters.ask("reset", to=EMAIL, language="en")
    assert delivered() == []


def test_names_cannot_add_headers() -> None:
    """What a name says stays in the body, and a subject is one line."""
    with watched("ses") as calls:
        letters.ask("invitation", to=EMAIL, language="en", organisation="Lipa\r\nBcc: b@example.org", token="t0")
        delivered()
    ((_, sent),) = calls
    assert sent["Message"]["Subject"]["Data"] == "Svyaz: an invitation to Lipa Bcc: b@example.org"
    assert sent["Destination"] == {"ToAddresses": [EMAIL]}


def test_pages_and_links_are_ours() -> None:
    assert letter_texts.link("confirm", "t0") == "http://127.0.0.1:8000/confirm#t0"
