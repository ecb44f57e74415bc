"""Letters: what is sent, and what cannot be smuggled into them."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from shared import mail
from shared.errors import ProviderRejected
from tests.support.aws_calls import refusing, watched
from tests.support.moto_aws import sent_mail

pytestmark = pytest.mark.usefixtures("aws")
TO = "operator@example.test"


def test_a_letter_is_sent_whole() -> None:
    mail.send(TO, "Тема", "Текст\nв две строки\n")
    (letter,) = sent_mail()
    assert letter.source == "svyaz@example.test"
    assert letter.destinations["ToAddresses"] == [TO]
    assert (letter.subject, letter.body) == ("Тема", "Текст\nв две строки\n")


@pytest.mark.parametrize(
    "subject",
    ["a\r\nBcc: x@example.test", "a\nBcc: x@example.test", "a\rb", "a\u2028b", "a\x85b", "a\x0bb\x1cc", "\n", "a\t b"],
)
def test_line_breaks_in_a_subject_begin_no_header(subject: str) -> None:
    mail.send(TO, subject, "text")
    (letter,) = sent_mail()
    assert letter.subject == " ".join(subject.split())
    assert letter.destinations["ToAddresses"] == [TO]
    assert not letter.destinations.get("BccAddresses")


@given(subject=st.text(max_size=60))
def test_no_subject_breaks_its_line(subject: str) -> None:
    with watched("ses") as calls:
        mail.send(TO, subject, "text")
    sent = calls[0][1]["Message"]["Subject"]["Data"]
    assert len(sent.splitlines()) <= 1
    assert sent.split() == subject.split()


@pytest.mark.parametrize("code", ["MessageRejected", "InvalidParameterValue"])
def test_a_refused_letter_is_refused_for_good(code: str) -> None:
    with refusing("ses", "SendEmail", code), pytest.raises(ProviderRejected):
        mail.send(TO, "s", "t")


def test_a_missing_right_is_no_refused_letter() -> None:
    with refusing("ses", "SendEmail", "AccessDenied", 403), pytest.raises(ClientError):
        mail.send(TO, "s", "t")
