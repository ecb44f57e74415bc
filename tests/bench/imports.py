"""Processor time that a fresh process spends on importing each deployed function, beside chalice and boto3 alone.

With bytecode, as the package ships it, and as the mean over several depths of the stack: CPython 3.11 takes and gives
back a piece of stack at every call where the stack lies at the piece's edge, which would punish one module by chance.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import cache

from infra.triggers import functions
from tests.bench.report import Row, show
from tests.support import environment

ROUNDS = 3
DEPTHS = (0, 3, 7, 12, 18)
HTTP_GOAL = 1.3
SENDER_GOAL_MS = 900
PEER = "import chalice, boto3"
SENDER = "import functions.messengers.jobs, functions.messengers.channels.telegram_sender"
CODE = """
import time
def go(depth):
    if depth:
        return go(depth - 1)
    begin = time.process_time()
    exec({statement!r}, {{}})
    return (time.process_time() - begin) * 1000
print(go({depth}))
"""
HEAVY = ("aiogram", "aiohttp", "openpyxl", "vk_api")


def rows() -> Iterator[Row]:
    """A row for each function, then one for the Telegram sender with its library."""
    statements = {function.name: f"import {function.handler.rsplit('.', 1)[0]}" for function in functions()}
    measured = _measured([PEER, SENDER, *dict.fromkeys(statements.values())])
    peer_ms = measured[PEER]
    for name, statement in sorted(statements.items()):
        ratio = measured[statement] / peer_ms
        is_http = name.endswith("_api")
        yield Row(
            f"import of {name}",
            f"{measured[statement]:.0f} ms CPU",
            f"chalice + boto3 {peer_ms:.0f} ms",
            ratio,
            f"{HTTP_GOAL}x" if is_http else "",
            ratio <= HTTP_GOAL if is_http else None,
        )
    sender_ms = measured[SENDER]
    yield Row(
        "Telegram sender with aiogram, builds deferred",
        f"{sender_ms:.0f} ms CPU",
        f"plain import of aiogram {_measured(['import aiogram'], 3)['import aiogram']:.0f} ms",
        None,
        f"{SENDER_GOAL_MS} ms",
        sender_ms <= SENDER_GOAL_MS,
    )
    yield Row(
        "functions that load aiogram, aiohttp, openpyxl or vk_api at import", str(_heavy(list(statements.values())))
    )


def _measured(statements: list[str], rounds: int = ROUNDS) -> dict[str, float]:
    """The mean over depths of the best of several rounds; each goes through all, so that a busy moment hits all."""
    sums = dict.fromkeys(statements, 0.0)
    for depth in DEPTHS:
        best = dict.fromkeys(statements, float("inf"))
        for _ in range(rounds):
            for statement in statements:
                best[statement] = min(best[statement], float(_fresh(CODE.format(statement=statement, depth=depth))))
        for statement in statements:
            sums[statement] += best[statement] / len(DEPTHS)
    return sums


def _heavy(statements: list[str]) -> int:
    code = "{statement}\nimport sys\nprint(any(name in sys.modules for name in {heavy}))"
    return sum(_fresh(code.format(statement=each, heavy=HEAVY)) == "True" for each in set(statements))


def _fresh(code: str) -> str:
    ran = subprocess.run(  # noqa: S603
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_with_bytecode()
    )
    return ran.stdout.strip()


@cache
def _with_bytecode() -> dict[str, str]:
    """The environment, with a place for bytecode that is written by the first round and read by the others."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": tempfile.mkdtemp(prefix="svyaz-bench-")}


if __name__ == "__main__":
    environment.set_up()
    show("Imports", rows())
