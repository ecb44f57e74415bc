"""`python -m infra.local.run [--port 8000] [--state-dir .local]`: runs the product until Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sys
import time
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

from infra.local import demo_data
from infra.local.aws_calls import AwsCallFailed
from infra.local.code_watch import CodeWatch
from infra.local.definitions import PRODUCT
from infra.local.forks import ROOT
from infra.local.functions import CallFailed
from infra.local.reload import Reloader
from infra.local.runtime import Options, Runtime
from infra.local.state_dir import DEFAULT, CannotStart
from infra.local.terminal import MAX_LOG_BYTES, Terminal

DEFAULT_PORT = 8000
LOOK_PERIOD_S = 0.5


def main(arguments: list[str]) -> int:
    """The exit code: 0 after it was stopped, 1 where it could not start or broke."""
    given = _parser().parse_args(arguments)
    terminal = Terminal(is_quiet=given.quiet)
    options = Options(given.state_dir.resolve(), given.port, given.definitions)
    logging.basicConfig(handlers=[_log(options.state_dir)], level=logging.WARNING)
    try:
        return asyncio.run(_run(Runtime(options, terminal), given.demo, is_bound=given.until_stdin_closes))
    except CannotStart as reason:
        terminal.fail(str(reason))
        return 1


def _log(state_dir: Path) -> logging.Handler:
    """Where troubles of the gateway itself go, such as requests that are no HTTP."""
    handler = RotatingFileHandler(
        state_dir / "logs" / "gateway.log", maxBytes=MAX_LOG_BYTES, backupCount=1, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    return handler


async def _run(runtime: Runtime, demo: str, *, is_bound: bool) -> int:
    started = time.monotonic()
    stopping = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    if is_bound:
        asyncio.get_running_loop().add_reader(sys.stdin, _stop_at_end, stopping)
    watch = CodeWatch(ROOT)
    try:
        starting = asyncio.create_task(_start(runtime, demo))
        if not await _first(starting, stopping):
            return 0
        _welcome(runtime, time.monotonic() - started)
        trouble = await _serve(runtime, watch, stopping)
        runtime.terminal.show("Stopping.")
    finally:
        await runtime.stop()
    if trouble:
        runtime.terminal.fail(trouble)
    return 1 if trouble else 0


def _stop_at_end(stopping: asyncio.Event) -> None:
    if not os.read(sys.stdin.fileno(), 1024):
        asyncio.get_running_loop().remove_reader(sys.stdin)
        stopping.set()


async def _serve(runtime: Runtime, watch: CodeWatch, stopping: asyncio.Event) -> str:
    reloading = asyncio.create_task(Reloader(runtime, watch).run())
    try:
        return await _trouble(runtime, stopping)
    finally:
        reloading.cancel()


async def _start(runtime: Runtime, demo: str) -> None:
    terminal = runtime.terminal
    await runtime.start()
    with terminal.step("demo data"):
        try:
            await demo_data.load(runtime, demo)
        except (CallFailed, AwsCallFailed) as error:
            terminal.fail(f"The demo data could not be loaded: {error}")
    runtime.announce()


async def _first(starting: asyncio.Task[None], stopping: asyncio.Event) -> bool:
    """Whether the start came to its end before somebody stopped it."""
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait((starting, waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if starting.done():
        await starting
        return True
    starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting
    return False


async def _trouble(runtime: Runtime, stopping: asyncio.Event) -> str:
    while not stopping.is_set():
        if trouble := runtime.trouble():
            return trouble
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_PERIOD_S):
                await stopping.wait()
    return ""


def _welcome(runtime: Runtime, spent_s: float) -> None:
    base_url = f"http://127.0.0.1:{runtime.port}"
    show = runtime.terminal.show
    show(f"Ready after {spent_s:.1f} s. Open:")
    show(f"  {base_url}/                           the product")
    show(f"  {base_url}/_local/                    mail, queues, the clock")
    show(f"  {base_url}/_local/fakes/telegram/     Telegram, as its people see it")
    offset_s = runtime.clock.offset.total_seconds()
    if offset_s:
        show(f"  The clock is {offset_s:.0f} s ahead: move it on {base_url}/_local/")
    show(f"Functions log to {runtime.options.state_dir / 'logs' / 'functions.log'}. Ctrl-C stops everything.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m infra.local.run", description="Runs the whole product on 127.0.0.1."
    )
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or DEFAULT_PORT, help="0 takes a free one")
    parser.add_argument("--state-dir", type=Path, default=DEFAULT, help="where everything is kept; removed = fresh")
    parser.add_argument("--quiet", action="store_true", help="tell only how the start goes and what fails")
    parser.add_argument("--until-stdin-closes", action="store_true", help="stop when standard input ends")
    parser.add_argument("--definitions", default=PRODUCT, help="the handler that tells what there is to run")
    parser.add_argument(
        "--demo", default=demo_data.DEMO, help="the module whose load() makes the demo data, or nothing"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
