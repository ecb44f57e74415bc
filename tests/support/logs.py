"""What was logged and counted, read back from the lines themselves."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from shared.log import JsonFormatter


class Lines(logging.Handler):
    """The lines as they would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps a line."""
        self.texts.append(self.format(record))

    def named(self, event: str) -> list[dict[str, Any]]:
        """The lines of one event."""
        lines = [json.loads(text) for text in self.texts]
        return [line for line in lines if line["event"] == event]


@contextmanager
def kept(logger: str = "svyaz") -> Iterator[Lines]:
    """The lines that a logger writes inside."""
    lines, log = Lines(), logging.getLogger(logger)
    before = log.level
    log.addHandler(lines)
    log.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        log.removeHandler(lines)
        log.setLevel(before)


def counted(output: str, metric: str) -> list[dict[str, Any]]:
    """The counts of a metric in what was printed, without the stage and CloudWatch's own part."""
    lines = [json.loads(line) for line in output.splitlines() if line.startswith('{"_aws"')]
    return [
        {name: value for name, value in line.items() if name not in {"_aws", "stage"}}
        for line in lines
        if metric in line
    ]
