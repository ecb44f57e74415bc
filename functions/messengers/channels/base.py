"""The contract of a channel: one file a channel for what comes in, and a sender for what goes out.

A new channel is a file here with `CHANNEL`, a sender module named in it, its queue in `infra/resources.py` and its
job in `functions/messengers/jobs.py`. Only a sender may import a vendor's library.
"""

from __future__ import annotations

import hmac
import importlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Protocol, cast

from functions.messengers.models import ChannelAccount
from shared.bus import ChannelLimits, InboundMessage, OutboundMessage
from shared.errors import NotFound

NAME = re.compile(r"[a-z]{2,20}")


@dataclass(frozen=True)
class Acknowledgement:
    """What the messenger wants to read when its webhook was taken."""

    body: str = ""
    content_type: str = "text/plain"


class Channel(Protocol):
    """How one messenger speaks to us."""

    limits: ChannelLimits
    acknowledgement: Acknowledgement

    def is_genuine(self, headers: Mapping[str, str], raw: bytes, secrets: Iterable[str]) -> bool:
        """Whether the messenger itself sent this; compared in constant time."""

    def read(self, raw: bytes, account: ChannelAccount) -> list[InboundMessage]:
        """The messages in a webhook's body; kinds that mean nothing to us are left out.

        Raises: InvalidPayload for what the messenger would never send.
        """


class Sender(Protocol):
    """How we speak to one messenger."""

    def send(self, message: OutboundMessage) -> str:
        """The messenger's id of the message it took.

        Raises: ProviderRejected, ProviderThrottled, ProviderUnavailable.
        """


def channel(name: str) -> Channel:
    """The channel of that name that has a webhook.

    Raises: NotFound.
    """
    path = f"functions.messengers.channels.{name}"
    is_there = NAME.fullmatch(name) is not None and find_spec(path) is not None
    found = getattr(importlib.import_module(path), "CHANNEL", None) if is_there else None
    if found is None:
        raise NotFound("There is nothing at this address.")
    return cast("Channel", found)


def sender(name: str) -> Sender:
    """The sender of a channel, loaded on first use: its libraries may take a second."""
    module = importlib.import_module(f"functions.messengers.channels.{name}_sender")
    return cast("Sender", module.SENDER)


def is_one_of(given: str, secrets: Iterable[str]) -> bool:
    """Whether a secret is one of those that hold now, told in the same time wherever they differ."""
    found = False
    for secret in secrets:
        found |= hmac.compare_digest(given.encode(), secret.encode())
    return found
