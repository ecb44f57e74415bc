"""Every line that is logged and every metric that is counted while tests run, looked through for people's data."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from shared import log
from shared.log import JsonFormatter
from tests.support.known_people import leaks

LOGGERS = ("", "svyaz")


class Watch(logging.Handler):
    """Looks at lines as they would be written; `found` are those that name somebody, `seen` counts all."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.seen = 0
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Looks at a line."""
        self.look(self.format(record))

    def look(self, text: str) -> None:
        """Looks at any text."""
        self.seen += 1
        if named := leaks(text):
            self.found.append(f"{', '.join(named)} in {text}")

    def check(self) -> None:
        """Returns where nobody was named.

        Raises: AssertionError.
        """
        assert not self.found, "people's data in the log: " + "\n".join(self.found)


@contextmanager
def watching() -> Iterator[Watch]:
    """Looks at all that is logged and counted inside, by whatever logger."""
    watch = Watch()
    ours = logging.getLogger("svyaz")
    level = ours.level
    ours.setLevel(level or logging.INFO)
    for name in LOGGERS:
        logging.getLogger(name).addHandler(watch)
    vars(log)["print"] = _printing(watch)
    try:
        yield watch
    finally:
        del vars(log)["print"]
        for name in LOGGERS:
            logging.getLogger(name).removeHandler(watch)
        if not level and ours.level == logging.INFO:
            ours.setLevel(level)


def _printing(watch: Watch) -> Any:
    def printed(*values: object, **how: Any) -> None:
        written = io.StringIO()
        print(*values, file=written)
        watch.look(written.getvalue())
        print(*values, **how)  # noqa: T201  # as Lambda takes metrics

    return printed


@pytest.fixture(autouse=True)
def log_watch() -> Iterator[Watch]:
    """Fails a test in whose time people's data came into a log."""
    with watching() as watch:
        yield watch
    watch.check()


def check_files(folder: Path) -> int:
    """How many lines the log files of a running product have, none of which names anybody.

    Raises: AssertionError.
    """
    watch = Watch()
    for path in sorted(folder.rglob("*.log")):
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            watch.look(line)
    watch.check()
    return watch.seen
