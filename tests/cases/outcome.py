"""What comes of one case of a file."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a case ended; one told in words is neither passed nor failed."""

    PASSED = "passed"
    FAILED = "failed"
    TOLD = "told in words"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One case, named, and what there is to say of it."""

    name: str
    verdict: Verdict
    text: str = ""

    def __str__(self) -> str:
        return f"{self.verdict.value}: {self.name}: {self.text}"


def checked(name: str, problems: list[str]) -> Outcome:
    """A passed case, or a failed one with all its differences."""
    return Outcome(name, Verdict.FAILED, "; ".join(problems)) if problems else Outcome(name, Verdict.PASSED)
