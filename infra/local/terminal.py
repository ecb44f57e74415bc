"""What the person at the terminal sees, and where the functions' own output goes."""

from __future__ import annotations

import asyncio
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path

MAX_LOG_BYTES = 5_000_000
MAX_LINE = 300


class Terminal:
    """Prints one line an event; what came from outside cannot hold control characters."""

    def __init__(self, *, is_quiet: bool = False) -> None:
        self._is_quiet = is_quiet

    def tell(self, text: str) -> None:
        """Prints what happened, unless nobody wants to know."""
        if not self._is_quiet:
            self.show(f"{datetime.now().astimezone():%H:%M:%S} {text[:MAX_LINE]}")

    def show(self, text: str) -> None:
        """Prints a line in any case."""
        line = "".join(c if c.isprintable() else "?" for c in text)
        with suppress(OSError, ValueError):  # nobody reads any more
            print(line, flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Prints how long a step took."""
        started = time.monotonic()
        yield
        self.show(f"  {name:<44} {time.monotonic() - started:5.2f} s")

    def fail(self, text: str) -> None:
        """Prints why it cannot go on."""
        for line in text.splitlines():
            with suppress(OSError, ValueError):
                print("".join(c if c.isprintable() else "?" for c in line), file=sys.stderr, flush=True)


class FunctionsLog(asyncio.Protocol):
    """Takes what workers print into a file that does not grow for ever; a full disk loses lines, and stops nobody."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = RotatingFileHandler(path, maxBytes=MAX_LOG_BYTES, backupCount=1, encoding="utf-8")
        self._file.terminator = ""
        self._file.handleError = _ignore  # type: ignore[method-assign, assignment]

    def data_received(self, data: bytes) -> None:
        """Writes what came."""
        text = data.decode("utf-8", "replace")
        self._file.emit(logging.LogRecord("functions", logging.INFO, "", 0, text, None, None))

    def connection_lost(self, _error: Exception | None) -> None:
        """Closes the file."""
        with suppress(OSError):
            self._file.close()


def _ignore(_record: logging.LogRecord) -> None:
    return None
