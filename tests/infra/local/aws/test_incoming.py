"""Bodies are bounded in size and time, and waiting ends when the sender leaves."""

import asyncio
from collections.abc import Iterable

import pytest

from infra.local.aws import incoming
from infra.local.aws.exchange import Refused, WireRequest
from infra.local.aws.incoming import Incoming, Message, SenderGone

DISCONNECT: Message = {"type": "http.disconnect"}
UNTOLD = WireRequest("PUT", "/b/k", "", {"transfer-encoding": "chunked"})


def pieces(*bodies: bytes, is_whole: bool = True) -> list[Message]:
    """ASGI messages."""
    last = len(bodies) - 1
    return [
        {"type": "http.request", "body": body, "more_body": index < last or not is_whole}
        for index, body in enumerate(bodies)
    ]


def coming(messages: Iterable[Message]) -> Incoming:
    """These messages, then silence."""
    left = iter(messages)

    async def receive() -> Message:
        for message in left:
            return message
        await asyncio.sleep(3600)
        raise AssertionError

    return Incoming(receive)


def test_joins_the_pieces() -> None:
    """Also of a body that does not tell its size."""
    assert asyncio.run(coming(pieces(b"a", b"", b"bc")).body(UNTOLD)) == b"abc"


@pytest.mark.parametrize("length", ["11", "-1", "1e1", "x"])
def test_refuses_large_or_odd_lengths(monkeypatch: pytest.MonkeyPatch, length: str) -> None:
    """By what the header says."""
    monkeypatch.setattr(incoming, "MAX_BODY_BYTES", 10)
    request = WireRequest("PUT", "/b/k", "", {"content-length": length})
    with pytest.raises(Refused):
        asyncio.run(coming(pieces(b"")).body(request))


def test_refuses_a_body_that_grows_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever it said before."""
    monkeypatch.setattr(incoming, "MAX_BODY_BYTES", 10)
    assert asyncio.run(coming(pieces(b"12345", b"67890")).body(UNTOLD)) == b"1234567890"
    with pytest.raises(Refused, match="at most 10 bytes"):
        asyncio.run(coming(pieces(b"12345", b"67890", b"1")).body(UNTOLD))


def test_refuses_a_body_that_stops_coming(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody may hold a place for ever."""
    monkeypatch.setattr(incoming, "PATIENCE_S", 0.01)
    with pytest.raises(Refused, match="in time"):
        asyncio.run(coming(pieces(b"a", is_whole=False)).body(UNTOLD))


def test_tells_when_the_sender_leaves() -> None:
    """In the midst of the body."""
    with pytest.raises(SenderGone):
        asyncio.run(coming([*pieces(b"a", is_whole=False), DISCONNECT]).body(UNTOLD))


def test_stops_answering_when_the_sender_leaves() -> None:
    """And answers those who stay."""

    async def answer(pause_s: float, done: list[str]) -> str:
        await asyncio.sleep(pause_s)
        done.append("done")
        return "answer"

    done: list[str] = []
    assert asyncio.run(coming([]).while_connected(answer(0.01, done))) == "answer"
    with pytest.raises(SenderGone):
        asyncio.run(coming([DISCONNECT]).while_connected(answer(3600, done)))
    assert done == ["done"]


def test_errors_of_answering_come_through() -> None:
    """A refusal found late is still a refusal."""

    async def refuse() -> str:
        raise Refused("late")

    with pytest.raises(Refused, match="late"):
        asyncio.run(coming([]).while_connected(refuse()))


def test_drops_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """For a while, and then while the answer is sent."""
    monkeypatch.setattr(incoming, "DRAIN_S", 0.01)
    messages = pieces(*[b"x"] * 50, is_whole=False)
    sent: list[str] = []

    async def send() -> None:
        await asyncio.sleep(0.01)
        sent.append("sent")

    async def scenario() -> None:
        tested = coming(message for message in messages)
        await tested.drain()
        await tested.while_dropping(send())

    asyncio.run(scenario())
    assert sent == ["sent"]


def test_a_whole_body_is_not_waited_for() -> None:
    """What has been read needs no dropping."""

    async def scenario() -> None:
        tested = coming(pieces(b"a"))
        await tested.body(UNTOLD)
        async with asyncio.timeout(1):
            await tested.drain()

    asyncio.run(scenario())
