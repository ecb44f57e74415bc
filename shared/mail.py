"""Mail by SES."""

from __future__ import annotations

from botocore.exceptions import ClientError

from shared import aws, sandbox
from shared.errors import ProviderRejected
from shared.settings import settings

CHARSET = "UTF-8"
REFUSALS = frozenset({"InvalidParameterValue", "MessageRejected"})


def send(to: str, subject: str, text: str) -> None:
    """Sends a plain letter; line breaks in the subject or address cannot smuggle headers, SES takes them apart.

    Shape: a test's letter is kept and not sent.
    Raises: ProviderRejected for an address or letter that SES refuses.
    """
    if sandbox.is_on():
        from shared.kept_messages import keep  # noqa: PLC0415  # a letter that leaves needs none of it

        keep(sandbox.organisation(), "letter", to, text, subject=subject)
        return
    with aws.translated():
        try:
            aws.client("ses").send_email(
                Source=settings().mail_from,
                Destination={"ToAddresses": [to]},
                Message={
                    "Subject": {"Data": " ".join(subject.split()), "Charset": CHARSET},
                    "Body": {"Text": {"Data": text, "Charset": CHARSET}},
                },
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in REFUSALS:
                raise ProviderRejected("This letter was refused") from error
            raise
