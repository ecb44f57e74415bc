"""A worker: runs handlers, one event at a time, as a Lambda execution environment does.

Not imitated: memory limits, read-only files, IAM, layers, the freeze between two events.
"""

from __future__ import annotations

import importlib
import json
import socket
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Any

from infra.local.framing import Disconnected, encode, read

MAX_ANSWER_BYTES = 6 * 1024 * 1024
ACCOUNT = "000000000000"
Handler = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Context:
    """What Lambda tells a handler of its call.

    Source: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html (read 2026-11-20).
    """

    function_name: str
    invoked_function_arn: str
    memory_limit_in_mb: str
    aws_request_id: str
    log_group_name: str
    log_stream_name: str
    ends_at: float
    function_version: str = "$LATEST"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is stopped."""
        return max(0, int((self.ends_at - time.monotonic()) * 1000))


def serve(connection: socket.socket) -> None:
    """Runs what is asked for until the other side closes."""
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    while True:
        try:
            call = read(connection)
            connection.sendall(warm(call["load"]) if "load" in call else answer(call))
        except (Disconnected, ConnectionError):
            return


def warm(handlers: Sequence[str]) -> bytes:
    """Imports handlers before they are needed: the message to send back. What is broken is told when it is called."""
    for handler in handlers:
        with suppress(Exception):
            load(handler)
    return encode({})


def answer(call: dict[str, Any]) -> bytes:
    """What a call came to, as the message to send back: `result`, or `error` with `message`."""
    try:
        found = load(call["handler"])(call["event"], context(call))
        result = encode({"result": found})
    except BaseException as error:  # noqa: BLE001  # a handler may even try to exit
        traceback.print_exc()
        return encode({"error": type(error).__name__, "message": str(error)[:1000]})
    if len(result) > MAX_ANSWER_BYTES:
        return encode({"error": "Function.ResponseSizeTooLarge", "message": f"over {MAX_ANSWER_BYTES} bytes"})
    return result


@cache
def load(handler: str) -> Handler:
    """The attribute that a handler string names.

    Raises: whatever its module raises while it is imported.
    """
    module, _, attribute = handler.rpartition(".")
    found: Handler = getattr(importlib.import_module(module), attribute)
    return found


def context(call: dict[str, Any]) -> Context:
    """The context of a call."""
    name = call["function_name"]
    return Context(
        function_name=name,
        invoked_function_arn=f"arn:aws:lambda:{call['region']}:{ACCOUNT}:function:{name}",
        memory_limit_in_mb=str(call["memory_mb"]),
        aws_request_id=call["request_id"],
        log_group_name=f"/aws/lambda/{name}",
        log_stream_name="local",
        ends_at=time.monotonic() + call["timeout_s"],
    )


def invoke(handler: str, event: Any, call: dict[str, Any]) -> Any:
    """What a handler answers in this very process, after event and answer passed through JSON."""
    return json.loads(json.dumps(load(handler)(json.loads(json.dumps(event)), context(call))))
