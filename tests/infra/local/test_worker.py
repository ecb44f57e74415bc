"""A worker answers whatever a handler does."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infra.local import worker
from infra.local.framing import Disconnected, encode, read

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


def call(handler: str, event: Any = None) -> dict[str, Any]:
    """A call of a handler of this module."""
    return {
        "handler": f"{__name__}.{handler}",
        "event": event,
        "function_name": "svyaz-local-f",
        "memory_mb": 512,
        "timeout_s": 5,
        "request_id": "rid",
        "region": "eu-central-1",
    }


def answered(handler: str, event: Any = None) -> Any:
    """What the worker answers."""
    return json.loads(worker.answer(call(handler, event))[4:])


def echo(event: Any, context: worker.Context) -> Any:
    """Answers with what it got."""
    return {
        "event": event,
        "name": context.function_name,
        "arn": context.invoked_function_arn,
        "id": context.aws_request_id,
        "version": context.function_version,
        "ms": context.get_remaining_time_in_millis(),
    }


def leaves(_event: Any, _context: Any) -> None:
    """Tries to end the process."""
    raise SystemExit(1)


def says_a_set(_event: Any, _context: Any) -> Any:
    """Answers with what is no JSON."""
    return {1}


def says_too_much(_event: Any, _context: Any) -> Any:
    """Answers with more than Lambda takes."""
    return "x" * worker.MAX_ANSWER_BYTES


def test_the_context_is_lambdas() -> None:
    found = answered("echo", {"a": 1})["result"]
    assert 0 < found.pop("ms") <= 5000
    assert found == {
        "event": {"a": 1},
        "name": "svyaz-local-f",
        "arn": "arn:aws:lambda:eu-central-1:000000000000:function:svyaz-local-f",
        "id": "rid",
        "version": "$LATEST",
    }


def test_the_remaining_time_ends_at_zero() -> None:
    context = worker.context(call("echo") | {"timeout_s": 0.01})
    time.sleep(0.02)
    assert context.get_remaining_time_in_millis() == 0


@pytest.mark.parametrize(
    ("handler", "error"),
    [
        ("leaves", "SystemExit"),
        ("says_a_set", "TypeError"),
        ("says_too_much", "Function.ResponseSizeTooLarge"),
        ("missing", "AttributeError"),
        ("echo.missing", "ModuleNotFoundError"),
    ],
)
def test_every_failure_is_an_answer(handler: str, error: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert answered(handler)["error"] == error
    assert error in capsys.readouterr().err or "." in error


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Two connected sockets."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        yield ours, theirs


@settings(deadline=None)
@given(JSON)
def test_messages_arrive_as_they_were_sent(message: Any) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(encode(message))
        assert read(theirs) == message


@pytest.mark.parametrize("cut", [0, 2, 5])
def test_a_broken_message_is_noticed(pair: tuple[socket.socket, socket.socket], cut: int) -> None:
    ours, theirs = pair
    ours.sendall(encode("text")[:cut])
    ours.close()
    with pytest.raises(Disconnected):
        read(theirs)
