"""What requests for people's data take and give."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, model_validator

from shared.bus import Value

ID_DIGITS = "[0-9a-z]{1,40}"
RequestId = Annotated[str, Field(pattern=f"^prq_{ID_DIGITS}$", examples=["prq_01a1f9708b7e7a698a78fc280d7dc2d3"])]
ClientId = Annotated[str, Field(pattern=f"^(cli_{ID_DIGITS})?$", examples=["cli_01a1f9708b7e7a698a78fc280d7dc2d3"])]
BookingId = Annotated[str, Field(pattern=f"^(bkg_{ID_DIGITS})?$")]


class RequestPath(Value):
    """The address of a request."""

    request_id: RequestId


class PersonalRequestView(Value):
    """A request for a person's data and how it stands; `reason` says why one has failed."""

    id: RequestId
    status: Literal["waiting", "ready", "failed"]
    at: AwareDatetime
    reason: str = ""


class OwnRemoval(Value):
    """That the caller wants to be removed: his password once more; empty where he signs in by a messenger alone."""

    password: Annotated[str, Field(max_length=1024, examples=["a long sentence of mine"])] = ""


class ClientNamed(Value):
    """A client of the caller's organisation, by his id or by one of his bookings."""

    client_id: ClientId = ""
    booking_id: BookingId = ""

    @model_validator(mode="after")
    def _by_one(self) -> ClientNamed:
        if bool(self.client_id) == bool(self.booking_id):
            raise ValueError("either client_id or booking_id is wanted")
        return self
