"""The server process: one loopback socket, one state folder, from start to a saved end."""

import asyncio
import fcntl
import logging
import os
import signal
import socket
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, NoReturn

from hypercorn.asyncio import serve as serve_http
from hypercorn.config import Config

from infra.local.aws import backend, seams
from infra.local.aws.calls import AwsCalls
from infra.local.aws.credentials import access_key
from infra.local.aws.guard import Guard
from infra.local.aws.mailbox import Mailbox
from infra.local.aws.saving import Saver
from infra.local.aws.snapshots import Snapshots
from infra.local.aws.state import AwsState

LOOPBACK = "127.0.0.1"
_BACKLOG = 128
_KEEP_ALIVE_S = 75
_PRIVATE = 0o077
_log = logging.getLogger(__name__)


class CannotStart(Exception):
    """The server cannot run here; the text says why."""


@dataclass(frozen=True)
class Settings:
    """How a server is started."""

    port: int
    state_dir: Path
    save_period_s: float
    until_stdin_closes: bool


def serve(settings: Settings) -> None:
    """Never returns: runs until a signal or the end of standard input, saves and ends the process.

    Raises: CannotStart.
    """
    try:
        os.umask(_PRIVATE)
        backend.check_version()
        settings.state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _lock(settings.state_dir):
            asyncio.run(_run(_listen(settings.port), settings))
    except (OSError, OverflowError, backend.WrongVersion) as error:
        raise CannotStart(str(error)) from error


def _lock(state_dir: Path) -> IO[str]:
    lock = (state_dir / "lock").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise CannotStart(f"another embedded AWS uses {state_dir}") from error
    return lock


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
    except OSError as error:
        raise CannotStart(f"port {port} of {LOOPBACK} cannot be used: {error.strerror}") from error
    listener.listen(_BACKLOG)
    return listener


async def _run(listener: socket.socket, settings: Settings) -> None:
    port, state_dir = listener.getsockname()[1], settings.state_dir.resolve()
    stop = _stop_event(until_stdin_closes=settings.until_stdin_closes)
    key = access_key(state_dir)
    ministack = backend.load(state_dir / "s3")
    objects, alarm = seams.change_objects(ministack.services["s3"]), seams.change_queues(ministack)
    seams.change_events(ministack)
    state, snapshots, mailbox = AwsState(ministack), Snapshots(state_dir / "snapshots"), Mailbox(state_dir / "mail")
    state.restore(snapshots)
    saver = Saver(state, snapshots, objects, settings.save_period_s)
    guard = Guard(port, backend.REGION, key, AwsCalls(ministack, state, mailbox, alarm), mailbox)
    never = asyncio.Event().wait  # Hypercorn would take the signals for itself and wait for open connections
    http = serve_http(guard, _http_settings(listener), shutdown_trigger=never)  # type: ignore[arg-type]
    lasting = (http, saver.run(), seams.tick_schedules(ministack, alarm), stop.wait())
    tasks = [asyncio.ensure_future(one) for one in lasting]
    print(f"The embedded AWS is ready: http://{LOOPBACK}:{port} ({backend.REGION}, state in {state_dir})", flush=True)
    ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    guard.close()
    for task in ended:
        if error := task.exception():
            _log.critical("a part of the embedded AWS broke", exc_info=error)
    await _end(saver)


async def _end(saver: Saver) -> NoReturn:
    """Saves and leaves at once: waiting ReceiveMessage calls and ministack's threads would not end by themselves."""
    is_saved = await saver.finish()
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0 if is_saved else 1)


def _stop_event(*, until_stdin_closes: bool) -> asyncio.Event:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def watch() -> None:
        sys.stdin.buffer.read()
        loop.call_soon_threadsafe(stop.set)

    if until_stdin_closes:
        threading.Thread(target=watch, name="parent-watch", daemon=True).start()
    return stop


def _http_settings(listener: socket.socket) -> Config:
    settings = Config()
    settings.bind = [f"fd://{listener.detach()}"]
    settings.keep_alive_timeout = _KEEP_ALIVE_S
    settings.loglevel = "WARNING"
    settings.errorlog = logging.getLogger("hypercorn.error")
    return settings
