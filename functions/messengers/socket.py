"""The web chat's frames: hello, a text, a tap."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError

from functions.messengers.channels import webchat
from functions.messengers.channels.webchat_sender import shown
from functions.messengers.intake import enqueue
from functions.messengers.models import ChannelAccount, ChatTap, ChatText
from functions.messengers.tables import find_account
from shared import outbox, sockets
from shared.bus import InboundKind, OutboundMessage, Value
from shared.errors import InvalidPayload, NotFound
from shared.sockets import Frame, Grant

V = TypeVar("V", bound=Value)
SHOWN_MOST = 50
START = "start"


def receive(connection_id: str, grant: Grant, frame: Frame) -> None:
    """Takes one frame of a visitor.

    Raises: InvalidPayload, NotFound.
    """
    account = find_account(grant.resource)
    if account is None:
        raise NotFound("There is no such chat.")
    if frame.action == "chat.hello":
        _hello(connection_id, grant, frame, account)
        return
    said = _said(frame)
    enqueue(account, webchat.inbound(frame.id, grant, connection_id, said))


def _hello(connection_id: str, grant: Grant, frame: Frame, account: ChannelAccount) -> None:
    rows = outbox.history(webchat.contact_of(grant), SHOWN_MOST)
    messages = [shown(OutboundMessage.model_validate_json(row.message)) for row in rows]
    sockets.push(connection_id, "chat.history", {"messages": messages}, reply_to=frame.id, system="messengers")
    if not rows:
        said = {"kind": InboundKind.START, "payload": account.start}
        enqueue(account, webchat.inbound(START, grant, connection_id, said))


def _said(frame: Frame) -> dict[str, object]:
    if frame.action == "chat.say":
        return {"kind": InboundKind.TEXT, "text": _read(ChatText, frame).text}
    if frame.action == "chat.tap":
        tap = _read(ChatTap, frame)
        return {"kind": InboundKind.TAP, "payload": tap.payload, "label": tap.label}
    raise InvalidPayload("This action is not known here.")


def _read(model: type[V], frame: Frame) -> V:
    try:
        return model.model_validate(frame.data)
    except ValidationError:
        raise InvalidPayload("The frame's data are malformed.") from None
