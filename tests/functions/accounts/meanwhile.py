"""What others do in the middle of something: races whose order a test decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest


def after(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, act: Callable[[], Any]) -> None:
    """Lets others act once, when a function has given its first answer and nobody has made anything of it yet."""
    real, waiting = getattr(where, name), [act]

    def called(*arguments: Any, **named: Any) -> Any:
        found = real(*arguments, **named)
        if waiting:
            waiting.pop()()
        return found

    monkeypatch.setattr(where, name, called)


def before(monkeypatch: pytest.MonkeyPatch, where: Any, name: str, act: Callable[[], Any]) -> None:
    """Lets others act once, when a function is about to be called for the first time."""
    real, waiting = getattr(where, name), [act]

    def called(*arguments: Any, **named: Any) -> Any:
        if waiting:
            waiting.pop()()
        return real(*arguments, **named)

    monkeypatch.setattr(where, name, called)
