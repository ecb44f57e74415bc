"""The words that systems say to each other: the envelope of every queue message and the bodies inside it."""

import builtins
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.errors import InvalidPayload

B = TypeVar("B", bound="Body")
MAX_TEXT = 4096


class Value(BaseModel):
    """A value that does not change and has no fields but its own; built into a validator on first use."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class Stored(Value):
    """A value that another version of us may have written: what it knows and we do not is passed over."""

    model_config = ConfigDict(extra="ignore")


class Body(Stored):
    """What an envelope carries."""


class Envelope(Stored):
    """The form of every queue message; what comes of one with `is_test` stays in the sandbox."""

    id: str
    type: str
    version: int = 1
    occurred_at: AwareDatetime
    org_id: str
    correlation_id: str
    causation_id: str | None = None
    actor: str
    body: dict[str, Any]
    is_test: bool = False

    def read(self, model: builtins.type[B]) -> B:
        """The body as the model that its type promises.

        Raises: InvalidPayload naming the field that is wrong.
        """
        try:
            return model.model_validate(self.body)
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            field, reason = ".".join(str(part) for part in first["loc"]), first["msg"]
            raise InvalidPayload(f"{self.type}: {field}: {reason}") from None


class Contact(Stored):
    """Where one person is reached: a chat of one account of one channel.

    Shape: `route` is what the channel may use to answer faster, such as the socket that a message came by.
    """

    channel: Annotated[str, Field(max_length=20)]
    account_id: Annotated[str, Field(max_length=60)]
    chat: Annotated[str, Field(max_length=128)]
    route: Annotated[str, Field(max_length=128)] | None = None


class ChannelLimits(Stored):
    """What a channel can show.

    Units: payloads in bytes of UTF-8, everything else in characters or pieces.
    """

    buttons: int
    buttons_per_row: int
    label: int
    payload_bytes: int
    text: int = MAX_TEXT
    may_edit: bool = False


class InboundKind(StrEnum):
    """What a person did."""

    START = "start"
    TEXT = "text"
    TAP = "tap"
    OTHER = "other"


class InboundMessage(Body):
    """Something a person said or did in a chat, in the same words for every channel.

    Shape: `payload` is the start parameter or the tapped button's; `tapped` is the message that held the button,
    which an answer may edit; `receipt` is what the channel wants answered so that the button stops waiting.
    """

    event_id: Annotated[str, Field(min_length=1, max_length=80)]
    contact: Contact
    kind: InboundKind
    text: Annotated[str, Field(max_length=MAX_TEXT)] = ""
    payload: Annotated[str, Field(max_length=256)] = ""
    label: Annotated[str, Field(max_length=64)] = ""
    name: Annotated[str, Field(max_length=128)] = ""
    language: Annotated[str, Field(max_length=35)] = ""
    tapped: Annotated[str, Field(max_length=64)] | None = None
    receipt: Annotated[str, Field(max_length=64)] | None = None
    limits: ChannelLimits
    received_at: AwareDatetime


class Button(Stored):
    """A button under a message."""

    label: str
    payload: str


class OutboundMessage(Body):
    """Something we say to a person, in the same words for every channel.

    Shape: `buttons` are rows; `edits` names the message to replace where the channel can; `answers` is what the
    person had said; `reply_to` is the event that this answers; one with `is_test` is kept, not sent.
    """

    id: str
    contact: Contact
    text: Annotated[str, Field(max_length=MAX_TEXT)]
    buttons: tuple[tuple[Button, ...], ...] = ()
    edits: str | None = None
    receipt: str | None = None
    answers: str = ""
    reply_to: str | None = None
    is_test: bool = False


class OutboundHint(Body):
    """Says that a row of the outbox wants to be sent, with all that sending needs.

    Shape: whoever holds the hint may send until `lease_until`; later the row has to be claimed anew.
    """

    message: OutboundMessage
    lease_until: AwareDatetime
    lease: str


class TimerDue(Body):
    """A timer has come due."""

    timer_id: str
    name: str
    due_at: AwareDatetime
    subject: dict[str, str] = Field(default_factory=dict)


class SuspicionKind(StrEnum):
    """What is noticed."""

    GUESSING = "guessing"
    REUSED_TOKEN = "reused_token"  # noqa: S105  # a kind of thing, no secret
    STRANGE_PLACE = "strange_place"
    REFUSED_RIGHTS = "refused_rights"
    BULK_READING = "bulk_reading"


class Suspicion(Body):
    """Something that an administrator should look at.

    Shape: `subject` is the id of who did it or whose account is concerned, never an address; `about` a session or a
    network, where there is one; `since` begins the window that `number` was counted in.
    Units: `window_s` in seconds.
    """

    kind: SuspicionKind
    subject: Annotated[str, Field(min_length=1, max_length=80)]
    about: Annotated[str, Field(max_length=80)] = ""
    number: Annotated[int, Field(ge=1)]
    since: AwareDatetime
    window_s: Annotated[int, Field(ge=1)]


class PersonNamed(Stored):
    """A person by ids alone: a user by `user_id`, an organisation's client by `client_id` or one of his bookings."""

    org_id: Annotated[str, Field(max_length=60)] = ""
    user_id: Annotated[str, Field(max_length=60)] = ""
    client_id: Annotated[str, Field(max_length=60)] = ""
    booking_id: Annotated[str, Field(max_length=60)] = ""

    @property
    def id(self) -> str:
        """The id that he is called by where his name must not stand."""
        return self.user_id or self.client_id or self.booking_id


class PersonalDataRequested(Body):
    """Somebody wants a person's data, or wants them gone.

    Shape: `asked_by` and `asker_kind` are whoever asked.
    """

    request_id: Annotated[str, Field(pattern=r"^prq_[0-9a-f]{32}$")]
    what: Literal["export", "remove"]
    person: PersonNamed
    asked_by: Annotated[str, Field(min_length=1, max_length=80)]
    asker_kind: Annotated[str, Field(pattern=r"^(user|key)$")]
