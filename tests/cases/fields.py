"""Reading of one JSON object whose every field must be known."""

from collections.abc import Callable
from typing import Any, TypeVar

Value = TypeVar("Value")
Default = TypeVar("Default")


class MalformedCaseError(ValueError):
    """A case that does not follow its format."""


class Fields:
    """The fields of one JSON object; those never taken are unknown.

    Raises: MalformedCaseError when it is no object, or a taken field is missing or cannot be read.
    """

    def __init__(self, where: str, given: Any) -> None:
        if not isinstance(given, dict):
            raise MalformedCaseError(f"{where} is not an object")
        self._where = where
        self._left: dict[str, Any] = dict(given)

    def need(self, name: str, read: Callable[[Any], Value]) -> Value:
        """The value of a field that must be there."""
        if name not in self._left:
            raise MalformedCaseError(f"{self._where} has no field {name!r}")
        given = self._left.pop(name)
        try:
            return read(given)
        except MalformedCaseError:
            raise
        except (ValueError, TypeError, LookupError, AttributeError) as error:
            raise MalformedCaseError(f"{self._where}.{name} cannot be read: {given!r:.80}") from error

    def take(self, name: str, read: Callable[[Any], Value], default: Default) -> Value | Default:
        """The value of a field that may be left out or null."""
        if self._left.get(name) is None:
            self._left.pop(name, None)
            return default
        return self.need(name, read)

    def drop(self, *names: str) -> None:
        """Passes over fields that only explain."""
        for name in names:
            self._left.pop(name, None)

    def finish(self) -> None:
        """Raises: MalformedCaseError when a field is left that nobody knows."""
        if self._left:
            raise MalformedCaseError(f"{self._where} has unknown fields: {', '.join(sorted(self._left))}")


def integer(given: Any) -> int:
    """A whole number; booleans are none."""
    if isinstance(given, bool) or not isinstance(given, int):
        raise TypeError(given)
    return given


def text(given: Any) -> str:
    """A string."""
    if not isinstance(given, str):
        raise TypeError(given)
    return given


def boolean(given: Any) -> bool:
    """True or false, nothing else."""
    if not isinstance(given, bool):
        raise TypeError(given)
    return given


def items(given: Any) -> list[Any]:
    """A JSON array."""
    if not isinstance(given, list):
        raise TypeError(given)
    return given
