"""Mail that was sent through SES, kept as one file per message; ministack forgets it and drops attachments."""

import base64
import json
import logging
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as modern_policy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from infra.local.aws.files import remove_quietly, replace_file, set_aside

MAX_MESSAGES, MAX_TOTAL_BYTES = 500, 64 * 1024 * 1024
_MESSAGE_ID = re.compile(rb'<MessageId>([^<]{1,200})</MessageId>|"MessageId": ?"([^"]{1,200})"')
_log = logging.getLogger(__name__)

Mail = dict[str, Any]


class Mailbox:
    """The last sent messages, newest last.

    Shape: id, time (ISO 8601, UTC), from, to, cc, bcc, subject, text, html, raw_base64 (None unless sent as raw MIME).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._count = len(list(folder.glob("*.json")))

    def add(self, mail: Mail) -> None:
        """Keeps a message.

        Raises: OSError.
        """
        self._count += 1
        name = f"{mail['time'].replace(':', '')}-{self._count:06d}.json"
        replace_file(self._folder / name, json.dumps(mail).encode())
        self._remove_oldest()

    def messages(self) -> list[Mail]:
        """All kept messages; a file that cannot be read is set aside."""
        found: list[Mail] = []
        for path in sorted(self._folder.glob("*.json")):
            try:
                found.append(json.loads(path.read_bytes()))
            except FileNotFoundError:
                continue  # removed meanwhile as too old
            except ValueError:
                _log.warning("a sent message is unreadable and was set aside as %s", set_aside(path))
        return found

    def _remove_oldest(self) -> None:
        total_bytes = 0
        for position, path in enumerate(sorted(self._folder.glob("*.json"), reverse=True)):
            total_bytes += path.stat().st_size
            if position and (position >= MAX_MESSAGES or total_bytes > MAX_TOTAL_BYTES):
                remove_quietly(path)


def message_id(answer_body: bytes) -> str:
    """The id in SES's answer to a sent message, or an empty text."""
    found = _MESSAGE_ID.search(answer_body)
    return (found[1] or found[2]).decode() if found else ""


def read_v1(body: bytes) -> Mail | None:
    """The message of a SendEmail or SendRawEmail call of the first SES API; None for another call."""
    form = {name: values[0] for name, values in parse_qs(body.decode("utf-8", "replace")).items()}
    if form.get("Action") == "SendRawEmail":
        raw = base64.b64decode(form.get("RawMessage.Data", ""))
        return _raw_mail(raw, form.get("Source"), _listed(form, "Destinations.member"))
    if form.get("Action") != "SendEmail":
        return None
    destination = {kind: _listed(form, f"Destination.{kind}Addresses.member") for kind in ("To", "Cc", "Bcc")}
    text, html = form.get("Message.Body.Text.Data", ""), form.get("Message.Body.Html.Data", "")
    return _mail(form.get("Source", ""), destination, form.get("Message.Subject.Data", ""), text, html)


def read_v2(body: bytes) -> Mail:
    """The message of a SendEmail call of the second SES API.

    Raises: ValueError, KeyError or TypeError when the body is not such a call.
    """
    call = json.loads(body)
    addresses, content = call.get("Destination") or {}, call["Content"]
    destination = {kind: list(addresses.get(f"{kind}Addresses") or ()) for kind in ("To", "Cc", "Bcc")}
    if "Raw" in content:
        recipients = [address for kind in destination.values() for address in kind]
        return _raw_mail(base64.b64decode(content["Raw"]["Data"]), call.get("FromEmailAddress"), recipients)
    simple = content["Simple"]
    text, html = (simple["Body"].get(kind, {}).get("Data", "") for kind in ("Text", "Html"))
    return _mail(call.get("FromEmailAddress", ""), destination, simple["Subject"]["Data"], text, html)


def _mail(sender: str, destination: Mapping[str, list[str]], subject: str, text: str, html: str) -> Mail:
    mail: Mail = {"id": "", "time": datetime.now(UTC).isoformat(), "from": sender}
    mail |= {kind.lower(): addresses for kind, addresses in destination.items()}
    return mail | {"subject": subject, "text": text, "html": html, "raw_base64": None}


def _raw_mail(raw: bytes, sender: str | None, recipients: list[str]) -> Mail:
    message = message_from_bytes(raw, _class=EmailMessage, policy=modern_policy)
    destination = {kind: _addresses(message.get_all(kind, [])) for kind in ("To", "Cc", "Bcc")}
    if recipients:
        named = {address for kind in destination.values() for address in kind}
        destination["Bcc"] += [address for address in recipients if address not in named]
    text, html = (_body(message, kind) for kind in ("plain", "html"))
    mail = _mail(sender or str(message.get("From", "")), destination, str(message.get("Subject", "")), text, html)
    return mail | {"raw_base64": base64.b64encode(raw).decode()}


def _addresses(headers: Iterable[Any]) -> list[str]:
    return [address.addr_spec for header in headers for address in getattr(header, "addresses", ())]


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    try:
        return str(part.get_content()) if part is not None else ""
    except (LookupError, ValueError):
        return ""


def _listed(form: Mapping[str, str], prefix: str) -> list[str]:
    found: list[str] = []
    while (address := form.get(f"{prefix}.{len(found) + 1}")) is not None:
        found.append(address)
    return found
