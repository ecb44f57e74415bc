"""Sent mail is read from the calls themselves, kept whole and kept bounded."""

import base64
import json
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlencode

import pytest

from infra.local.aws import mailbox
from infra.local.aws.mailbox import Mail, Mailbox, message_id, read_v1, read_v2


def raw_message() -> bytes:
    """A message with a Cyrillic subject, two bodies and an attachment."""
    message = EmailMessage()
    message["From"], message["To"], message["Cc"] = "Отчёты <reports@svyaz.test>", "a@x.test, b@x.test", "c@x.test"
    message["Subject"] = "Отчёт за день"
    message.set_content("Привет")
    message.add_alternative("<p>Привет</p>", subtype="html")
    message.add_attachment(b"\x00\xff", maintype="application", subtype="octet-stream", filename="отчёт.xlsx")
    return message.as_bytes()


def v1(**form: str) -> Mail | None:
    """A call of the form-encoded interface."""
    return read_v1(urlencode(form).encode())


def test_reads_simple_mail_of_both_interfaces() -> None:
    """The same message by either way."""
    old = v1(
        **{
            "Action": "SendEmail",
            "Source": "f@x.test",
            "Destination.ToAddresses.member.1": "a@x.test",
            "Destination.ToAddresses.member.2": "b@x.test",
            "Destination.CcAddresses.member.1": "c@x.test",
            "Message.Subject.Data": "тема",
            "Message.Body.Text.Data": "a+b & c",
            "Message.Body.Html.Data": "<p>",
        }
    )
    content = {"Simple": {"Subject": {"Data": "тема"}, "Body": {"Text": {"Data": "a+b & c"}, "Html": {"Data": "<p>"}}}}
    destination = {"ToAddresses": ["a@x.test", "b@x.test"], "CcAddresses": ["c@x.test"]}
    call = {"FromEmailAddress": "f@x.test", "Destination": destination, "Content": content}
    new = read_v2(json.dumps(call).encode())
    assert old is not None
    assert old | {"time": ""} == new | {"time": ""}
    assert (new["from"], new["to"], new["cc"], new["bcc"]) == ("f@x.test", ["a@x.test", "b@x.test"], ["c@x.test"], [])
    assert (new["subject"], new["text"], new["html"], new["raw_base64"]) == ("тема", "a+b & c", "<p>", None)


def test_reads_raw_mail_of_both_interfaces() -> None:
    """With every byte, so that attachments can be looked at."""
    raw = raw_message()
    encoded = base64.b64encode(raw).decode()
    old = v1(**{"Action": "SendRawEmail", "RawMessage.Data": encoded, "Destinations.member.1": "hidden@x.test"})
    call = {"Content": {"Raw": {"Data": encoded}}, "Destination": {"BccAddresses": ["hidden@x.test"]}}
    new = read_v2(json.dumps(call).encode())
    assert old is not None
    assert old | {"time": ""} == new | {"time": ""}
    assert (new["to"], new["cc"], new["bcc"]) == (["a@x.test", "b@x.test"], ["c@x.test"], ["hidden@x.test"])
    assert (new["subject"], new["text"].strip(), new["html"].strip()) == ("Отчёт за день", "Привет", "<p>Привет</p>")
    assert base64.b64decode(new["raw_base64"]) == raw


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\x00", b"Subject: =?utf-8?q?=FF?=\n\nx", b"Content-Type: text/plain; charset=no\n\n\xff"]
)
def test_broken_mail_is_kept_as_it_is(raw: bytes) -> None:
    """Whatever it says, the bytes are there."""
    mail = read_v2(json.dumps({"Content": {"Raw": {"Data": base64.b64encode(raw).decode()}}}).encode())
    assert base64.b64decode(mail["raw_base64"]) == raw


def test_other_calls_send_nothing() -> None:
    """Verifying an address is no mail."""
    assert v1(Action="VerifyEmailIdentity", EmailAddress="a@x.test") is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (b"<SendEmailResult><MessageId>m-1@x</MessageId></SendEmailResult>", "m-1@x"),
        (b'{"MessageId": "m-2@x"}', "m-2@x"),
        (b"{}", ""),
    ],
)
def test_finds_the_id_in_the_answer(answer: bytes, expected: str) -> None:
    """XML of the old interface, JSON of the new one."""
    assert message_id(answer) == expected


def mail(number: int) -> Mail:
    """A message, later ones with larger numbers."""
    return {"id": str(number), "time": f"2026-01-01T00:00:{number:02d}+00:00"}


def test_keeps_messages_in_order_over_restarts(tmp_path: Path) -> None:
    """One file each."""
    for number in range(3):
        Mailbox(tmp_path / "mail").add(mail(number))
    assert Mailbox(tmp_path / "mail").messages() == [mail(0), mail(1), mail(2)]


def test_keeps_the_last_ones_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Daily reports must not fill the disk for years."""
    monkeypatch.setattr(mailbox, "MAX_MESSAGES", 2)
    tested = Mailbox(tmp_path / "mail")
    for number in range(4):
        tested.add(mail(number))
    assert tested.messages() == [mail(2), mail(3)]


def test_keeps_a_bounded_number_of_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But always the last message."""
    monkeypatch.setattr(mailbox, "MAX_TOTAL_BYTES", 1500)
    tested = Mailbox(tmp_path / "mail")
    for number in range(4):
        tested.add(mail(number) | {"text": "x" * 500})
    assert [one["id"] for one in tested.messages()] == ["2", "3"]
    tested.add(mail(4) | {"text": "x" * 5000})
    assert [one["id"] for one in tested.messages()] == ["4"]


def test_unreadable_messages_are_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The others are still listed."""
    tested = Mailbox(tmp_path / "mail")
    tested.add(mail(1))
    (tmp_path / "mail" / "0.json").write_bytes(b"{")
    assert tested.messages() == [mail(1)]
    assert "set aside" in caplog.text
    assert tested.messages() == [mail(1)]
