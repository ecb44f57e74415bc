"""The values of the messengers: accounts of channels, and what the web chat's page sends and gets."""

from typing import Annotated

from pydantic import Field

from shared.bus import MAX_TEXT, Value

AccountId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]


class ChannelAccount(Value):
    """One bot, number, community or web chat through which people reach one system.

    Shape: `consumer` is the system that its messages go to; `start` is what a conversation begins with when the link
    of the account itself says it, as a web chat's does.
    """

    id: AccountId
    org_id: str
    channel: Annotated[str, Field(pattern=r"^[a-z]{2,20}$")]
    consumer: Annotated[str, Field(pattern=r"^[a-z]{2,20}$")]
    title: Annotated[str, Field(max_length=120)]
    start: Annotated[str, Field(max_length=64)] = ""


class WebhookPath(Value):
    """The address that a messenger posts to."""

    channel: Annotated[str, Field(pattern=r"^[a-z]{2,20}$")]
    account_id: AccountId


class ChatPath(Value):
    """The address of a web chat's page."""

    master: AccountId


class AssetPath(Value):
    """The name of a page's file."""

    file: Annotated[str, Field(pattern=r"^[a-z0-9_.-]{1,60}$")]


class OwnTicketRequest(Value):
    """A signed-in person who wants to open a web chat."""

    master: Annotated[AccountId, Field(examples=["anna"])]
    language: Annotated[str, Field(pattern=r"^[A-Za-z-]{2,35}$")] = "en"


class TicketRequest(OwnTicketRequest):
    """A visitor who wants to open a web chat."""

    visitor: Annotated[str, Field(max_length=300)] | None = None


class OwnTicket(Value):
    """What opens the web chat's socket, once, for as long as the session lasts."""

    ticket: Annotated[str, Field(examples=["mF3v…"])]
    websocket_url: Annotated[str, Field(examples=["wss://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/api"])]
    master_name: Annotated[str, Field(examples=["Анна Светлова"])]
    expires_in_s: Annotated[int, Field(examples=[30])]


class Ticket(OwnTicket):
    """What opens the web chat's socket, once; `visitor` brings the visitor back to this chat."""

    visitor: Annotated[str, Field(examples=["Hk9s…"])]


class ChatText(Value):
    """What a visitor typed."""

    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]


class ChatTap(Value):
    """The button that a visitor tapped."""

    payload: Annotated[str, Field(min_length=1, max_length=256)]
    label: Annotated[str, Field(max_length=64)] = ""
