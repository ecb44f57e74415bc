"""Structured logs and metrics: one JSON object a line, with the correlation id, without personal data.

Fields are ids, numbers and words of ours; texts and addresses of people are never passed here.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from shared.settings import stage

NAMESPACE = "Svyaz"
_context: ContextVar[Mapping[str, str]] = ContextVar("log_context", default=MappingProxyType({}))
_logger = logging.getLogger("svyaz")


class JsonFormatter(logging.Formatter):
    """A log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, with the context that it was logged in."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": record.getMessage(),
            **_context.get(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["code"] = _code(record.exc_info[1])
            line["where"] = "".join(traceback.format_tb(record.exc_info[2]))[-3000:]
        return json.dumps(line, ensure_ascii=False, default=str)


def _code(error: BaseException | None) -> str | None:
    """AWS's word for an error, which tells a missing right from a missing table and names nobody."""
    answer = getattr(error, "response", None) or getattr(getattr(error, "cause", None), "response", None)
    return answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None


def set_up(level: str) -> None:
    """Sends all logging of this process to standard error as JSON lines."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    _logger.setLevel(level)


@contextmanager
def context(**fields: str) -> Iterator[None]:
    """Adds fields to every line that is logged inside."""
    token = _context.set({**_context.get(), **fields})
    try:
        yield
    finally:
        _context.reset(token)


def correlation_id() -> str:
    """The id that ties this work to the trigger that began it; empty outside of any."""
    return _context.get().get("correlation_id", "")


def causation_id() -> str | None:
    """The id of the message that this work answers to; None where none woke it."""
    return _context.get().get("causation_id")


def info(event: str, **fields: Any) -> None:
    """Logs that something happened as it should."""
    _logger.info(event, extra={"fields": fields})


def warning(event: str, **fields: Any) -> None:
    """Logs that something was refused or put off."""
    _logger.warning(event, extra={"fields": fields})


def failure(event: str, **fields: Any) -> None:
    """Logs the exception that is being handled, by its type and place but without its words."""
    _logger.error(event, exc_info=sys.exc_info(), extra={"fields": fields})


def count(metric: str, value: int = 1, **about: str) -> None:
    """Counts something as a CloudWatch metric of this stage, in the embedded format.

    Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    dimensions = {**about, "stage": stage()}
    meta = {
        "Timestamp": int(datetime.now(UTC).timestamp() * 1000),
        "CloudWatchMetrics": [
            {"Namespace": NAMESPACE, "Dimensions": [sorted(dimensions)], "Metrics": [{"Name": metric, "Unit": "Count"}]}
        ],
    }
    print(json.dumps({"_aws": meta, metric: value, **dimensions}), file=sys.stdout)  # noqa: T201  # how Lambda takes metrics
