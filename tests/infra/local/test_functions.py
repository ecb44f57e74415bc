"""Workers are replaced when they hang, die or are of older code; each does one thing at a time."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any

import pytest

from infra.local import functions
from infra.local.definitions import Function
from infra.local.environment import NO_PROXY
from infra.local.functions import CallFailed, CallTimedOut
from tests.infra.local.conftest import Local

HANDLERS = "tests.infra.local.sample"


def function(name: str, timeout_s: float = 5) -> Function:
    """A function of the sample; it runs in the background lane."""
    return Function(name=name, handler=f"{HANDLERS}.{name}", timeout_s=timeout_s)


def is_running(number: int) -> bool:
    """Whether a process is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def call(local: Local, name: str, timeout_s: float = 5) -> Any:
    """What a function of the sample answers."""
    return local.run(local.runtime.functions.call(function(name, timeout_s), None))


def test_a_function_that_hangs_is_killed_and_its_place_filled(local: Local) -> None:
    before = {call(local, "pid") for _ in range(8)}
    with pytest.raises(CallTimedOut, match=r"timed out after 0\.2 seconds"):
        call(local, "stop_listening", 0.2)
    local.until(lambda: sum(map(is_running, before)) == functions.BACKGROUND_WORKERS - 1)
    local.until(lambda: len({call(local, "pid") for _ in range(8)}) == functions.BACKGROUND_WORKERS)


def test_an_idle_worker_that_was_killed_costs_nobody_an_event(local: Local) -> None:
    for victim in {call(local, "pid") for _ in range(8)}:
        os.kill(victim, signal.SIGKILL)
        local.until(lambda victim=victim: not is_running(victim))  # type: ignore[misc]
    assert all(call(local, "pid") for _ in range(4))


def test_new_code_means_new_processes(local: Local) -> None:
    before = {call(local, "pid") for _ in range(8)}
    local.loop.call_soon_threadsafe(local.runtime.functions.use, local.runtime.wakers.definitions)
    local.until(lambda: not any(map(is_running, before)))
    assert before.isdisjoint({call(local, "pid") for _ in range(8)})


def test_a_function_finds_nothing_of_the_persons_environment(local: Local, monkeypatch: pytest.MonkeyPatch) -> None:
    found = call(local, "environment")
    assert found["AWS_ENDPOINT_URL"] == local.runtime.aws.endpoint_url
    assert found["SVYAZ_STAGE"] == "local"
    assert found["SVYAZ_PUBLIC_BASE_URL"] == local.base_url
    assert found["NO_PROXY"] == "*"
    strange = {name for name in found if not name.startswith(("AWS_", "SVYAZ_", "PYTHON", "LC_"))}
    assert strange <= {"HOME", "LANG", "PATH", "TMPDIR", "TZ", *NO_PROXY}


def test_a_function_with_much_memory_has_a_process_of_its_own(local: Local) -> None:
    upload = local.runtime.wakers.definitions.event_functions()["sample_upload"]
    assert upload.memory_mb >= functions.OWN_LANE_MB
    own = upload.model_copy(update={"handler": f"{HANDLERS}.pid"})
    found = {local.run(local.runtime.functions.call(own, None)) for _ in range(4)}
    assert len(found) == 1
    assert found.isdisjoint({call(local, "pid") for _ in range(8)})


def test_a_process_of_its_own_goes_when_nobody_needs_it(local: Local) -> None:
    upload = local.runtime.wakers.definitions.event_functions()["sample_upload"]
    own = upload.model_copy(update={"handler": f"{HANDLERS}.pid"})
    lane = local.runtime.functions._own[upload.name]
    before = local.run(local.runtime.functions.call(own, None))
    local.loop.call_soon_threadsafe(lane.cool, functions.IDLE_S)
    assert local.run(local.runtime.functions.call(own, None)) == before
    local.loop.call_soon_threadsafe(lane.cool, 0)
    local.until(lambda: not is_running(before))
    assert local.run(local.runtime.functions.call(own, None)) != before


def test_many_calls_of_a_function_with_one_process_wait_for_each_other(local: Local) -> None:
    upload = local.runtime.wakers.definitions.event_functions()["sample_upload"]
    own = upload.model_copy(update={"handler": f"{HANDLERS}.pid"})

    async def together() -> list[int]:
        return list(await asyncio.gather(*(local.runtime.functions.call(own, None) for _ in range(8))))

    assert len(set(local.run(together()))) == 1


def test_a_failure_is_told_in_one_line(local: Local) -> None:
    local.terminal.lines.clear()
    with pytest.raises(CallFailed):
        call(local, "missing")
    assert any(" missing failed after " in line and "AttributeError" in line for line in local.terminal.lines)


def test_work_of_the_runtimes_own_is_timed_too(local: Local) -> None:
    async def hang() -> None:
        async with await local.runtime.tool() as tool:
            await tool.call(f"{HANDLERS}.stop_listening", None, 0.2)

    with pytest.raises(CallTimedOut):
        local.run(hang())
