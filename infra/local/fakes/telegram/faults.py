"""Trouble on demand: what the next calls and deliveries meet."""

from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

FaultKind = Literal["too_many_requests", "server_error", "bad_gateway", "forbidden", "hang", "drop", "double_delivery"]


class Fault(BaseModel):
    """Trouble for the next `times` calls.

    Shape: `hang` waits, then works; `drop` works, then closes the connection without an answer; `bad_gateway` answers
    502 with HTML; `double_delivery` posts the next updates twice at once. `method` narrows it to one Bot API method.
    """

    model_config = ConfigDict(extra="forbid")

    kind: FaultKind
    times: int = Field(default=1, ge=1, le=10_000)
    method: str = Field(default="", max_length=64)
    retry_after_s: int = Field(default=1, ge=1, le=86_400)
    hang_s: float = Field(default=1, ge=0, le=120)

    def meets(self, kinds: frozenset[str], method: str) -> bool:
        """Whether this fault is for such a call."""
        return self.kind in kinds and self.method.lower() in {"", method}


CALL_FAULTS = frozenset({"too_many_requests", "server_error", "bad_gateway", "forbidden", "hang", "drop"})
DELIVERY_FAULTS = frozenset({"double_delivery"})


@dataclass
class Faults:
    """The faults still to come, in the order they were asked for."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Let the next calls meet the fault."""
        self.waiting.append(fault.model_copy())

    def take(self, kinds: frozenset[str], method: str = "") -> Fault | None:
        """The fault that this call meets, counted down; None when it meets none."""
        fault = next((fault for fault in self.waiting if fault.meets(kinds, method)), None)
        if fault is not None:
            fault.times -= 1
            self.waiting = [fault for fault in self.waiting if fault.times > 0]
        return fault
