"""What `shared/mail` relies on in SES, and how tests read what was sent."""

import base64
import json
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.infra.local.aws.conftest import Client, Wire

SENDER = "reports@svyaz.test"


def last_mail(wire: Wire) -> Any:
    """What was sent last."""
    return json.loads(wire.send("GET", "/_local/mail", {"x-svyaz-local-key": wire.aws.secret_access_key}).body)[-1]


def report() -> bytes:
    """A message with an attachment of every byte."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = SENDER, "boss@x.test", "Отчёт"
    message.set_content("См. вложение")
    message.add_attachment(bytes(range(256)) * 400, maintype="application", subtype="zip", filename="отчёт.zip")
    return message.as_bytes()


@pytest.fixture(scope="module", autouse=True)
def verified(client: Client) -> None:
    """The sender's domain is verified, as it must be."""
    client("ses").verify_domain_identity(Domain="svyaz.test")


def test_attachments_arrive_whole_by_the_old_interface(client: Client, wire: Wire) -> None:
    """SendRawEmail."""
    raw = report()
    sent = client("ses").send_raw_email(Source=SENDER, Destinations=["boss@x.test"], RawMessage={"Data": raw})
    mail = last_mail(wire)
    assert (mail["id"], mail["to"], mail["subject"]) == (sent["MessageId"], ["boss@x.test"], "Отчёт")
    assert base64.b64decode(mail["raw_base64"]) == raw
    (attachment,) = message_from_bytes(raw, policy=default).iter_attachments()
    assert (attachment.get_filename(), attachment.get_content()) == ("отчёт.zip", bytes(range(256)) * 400)


def test_attachments_arrive_whole_by_the_new_interface(client: Client, wire: Wire) -> None:
    """SendEmail with raw content."""
    raw = report()
    sent = client("sesv2").send_email(FromEmailAddress=SENDER, Content={"Raw": {"Data": raw}})
    mail = last_mail(wire)
    assert (mail["id"], mail["from"], mail["text"].strip()) == (sent["MessageId"], SENDER, "См. вложение")
    assert base64.b64decode(mail["raw_base64"]) == raw


def test_simple_mail_arrives(client: Client, wire: Wire) -> None:
    """By both interfaces."""
    destination = {"ToAddresses": ["a@x.test"], "BccAddresses": ["b@x.test"]}
    message = {"Subject": {"Data": "Код 7 & 8"}, "Body": {"Text": {"Data": "a=b+c"}, "Html": {"Data": "<b>7</b>"}}}
    client("ses").send_email(Source=SENDER, Destination=destination, Message=message)
    old = last_mail(wire)
    client("sesv2").send_email(FromEmailAddress=SENDER, Destination=destination, Content={"Simple": message})
    new = last_mail(wire)
    for mail in (old, new):
        assert (mail["from"], mail["to"], mail["bcc"]) == (SENDER, ["a@x.test"], ["b@x.test"])
        assert (mail["subject"], mail["text"], mail["html"]) == ("Код 7 & 8", "a=b+c", "<b>7</b>")


@pytest.mark.parametrize("service", ["ses", "sesv2"])
def test_unverified_senders_are_refused(client: Client, wire: Wire, service: str) -> None:
    """Nothing is sent then."""
    before = wire.send("GET", "/_local/mail", {"x-svyaz-local-key": wire.aws.secret_access_key}).body
    message = {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}
    destination = {"ToAddresses": ["a@x.test"]}
    calls = {
        "ses": {"Source": "x@other.test", "Destination": destination, "Message": message},
        "sesv2": {"FromEmailAddress": "x@other.test", "Destination": destination, "Content": {"Simple": message}},
    }
    with pytest.raises(ClientError) as refused:
        client(service).send_email(**calls[service])
    assert refused.value.response["Error"]["Code"] == "MessageRejected"
    assert wire.send("GET", "/_local/mail", {"x-svyaz-local-key": wire.aws.secret_access_key}).body == before


def test_identities_of_the_new_interface_send_too(client: Client, wire: Wire) -> None:
    """CreateEmailIdentity verifies at once."""
    sesv2 = client("sesv2")
    sesv2.create_email_identity(EmailIdentity="news@other2.test")
    assert sesv2.get_email_identity(EmailIdentity="news@other2.test")["VerifiedForSendingStatus"]
    sesv2.send_email(FromEmailAddress="news@other2.test", Content={"Raw": {"Data": report()}})
    assert last_mail(wire)["from"] == "news@other2.test"


def test_templated_mail_is_refused(client: Client) -> None:
    """It would be accepted and not be listed."""
    template = {"Template": {"TemplateName": "t", "TemplateData": "{}"}}
    with pytest.raises(ClientError, match="send raw MIME"):
        client("sesv2").send_email(FromEmailAddress=SENDER, Content=template)
