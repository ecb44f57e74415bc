"""What a login costs, and a thousand logins and attacks at once: who is answered, and who is kept waiting.

The hash is measured in a process of its own, beside the least that OWASP asks for and beside argon2-cffi's defaults.
The mix runs through the services on the embedded AWS, with a cheap hash: it asks who reaches the hash at all.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from random import Random
from typing import Any

from tests.bench.report import Row, show
from tests.bench.tap_cost import embedded

HASHES = 15
OWASP_LEAST = (1, 47_104, 1)
DEFAULTS = (3, 65_536, 4)
LEAST_MS, MOST_MS = 50, 100
OWNERS, OWN_LOGINS, ATTACKS = 40, 400, 200
THREADS = 8
FIRST_PAUSE_S = 30
CODE = """
import time
from pathlib import Path
from argon2 import PasswordHasher

def most_kib():
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))

hasher, before, best = PasswordHasher(*{parameters}), most_kib(), float("inf")
for _ in range({times}):
    begin = time.process_time()
    hasher.hash("four quiet otters in a boat")
    best = min(best, time.process_time() - begin)
print(best * 1000, (most_kib() - before) / 1024)
"""


@dataclass(frozen=True)
class Attempt:
    """One try to log in: whose it is, with what, and from where."""

    who: str
    email: str
    password: str
    address: str
    device_token: str = ""


def rows() -> Iterator[Row]:
    """The hash, one login, and the mix."""
    yield _hash()
    with embedded():
        from tests.support import moto_aws  # noqa: PLC0415

        moto_aws.create()
        yield _login()
        yield from _mix()


def _hash() -> Row:
    from functions.accounts.entry import passwords  # noqa: PLC0415

    ms, megabytes = _measured((passwords.PASSES, passwords.MEMORY_KIB, passwords.LANES))
    least, default = _measured(OWASP_LEAST), _measured(DEFAULTS)
    return Row(
        "Argon2id, one hash",
        _words(ms, megabytes),
        f"OWASP's least {_words(*least)}; argon2-cffi's own {_words(*default)}",
        ms / least[0],
        f"{LEAST_MS} to {MOST_MS} ms",
        LEAST_MS <= ms <= MOST_MS,
    )


def _words(ms: float, megabytes: float) -> str:
    return f"{ms:.0f} ms of processor, {megabytes:.0f} MiB"


def _measured(parameters: tuple[int, int, int]) -> tuple[float, float]:
    """Milliseconds of processor time and mebibytes that a hash adds to a process."""
    code = CODE.format(parameters=parameters, times=HASHES)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    ms, megabytes = ran.stdout.split()
    return float(ms), float(megabytes)


def _login() -> Row:
    """A whole login, warm, with what it asks of AWS."""
    from tests.support.known_people import PASSWORD  # noqa: PLC0415
    from tests.support.logins import HOME, registered  # noqa: PLC0415

    registered("one@example.org")
    log_in = _logging_in()
    log_in("one@example.org", PASSWORD, HOME)
    begin, times = time.process_time(), 5
    for _ in range(times):
        log_in("one@example.org", PASSWORD, HOME)
    return Row(
        "login with its session and tokens", f"{(time.process_time() - begin) * 1000 / times:.0f} ms of processor"
    )


def _logging_in() -> Callable[..., Any]:
    from functions.accounts.entry.login import login  # noqa: PLC0415

    return login


def _mix() -> Iterator[Row]:
    from functions.accounts.entry import passwords  # noqa: PLC0415

    passwords.MEMORY_KIB, passwords.PASSES = 64, 1
    passwords.forget()
    attempts = _attempts()
    begin = time.monotonic()
    with ThreadPoolExecutor(THREADS) as pool:
        found = Counter(zip((each.who for each in attempts), pool.map(_outcome, attempts), strict=True))
    spent_s = time.monotonic() - begin
    own = found["owner", "in"]
    yield Row(
        f"{len(attempts)} logins and attacks at once, {spent_s:.0f} s: people's own",
        f"{own} of {OWN_LOGINS} answered",
        goal="all",
        is_met=own == OWN_LOGINS,
    )
    pauses = 1 + int(spent_s // FIRST_PAUSE_S)
    for who, free in (("one account from everywhere", 5), ("all accounts from one address", 30)):
        wrong, locked = found[who, "wrong"], found[who, "locked"]
        yield Row(
            f"guesses at {who}",
            f"{wrong} of {ATTACKS} reached the hash, {locked} were told to wait",
            goal=f"{free + pauses} at most",
            is_met=wrong <= free + pauses and wrong + locked == ATTACKS,
        )
    unknown = found["addresses that nobody has", "wrong"]
    yield Row(
        "guesses at addresses that nobody has",
        f"{unknown} of {ATTACKS} told alike",
        goal="all",
        is_met=unknown == ATTACKS,
    )


def _attempts() -> list[Attempt]:
    """A thousand, shuffled; the account that is attacked has an owner, who logs in at a device that knows him."""
    from functions.accounts.entry import lockout  # noqa: PLC0415
    from tests.support.known_people import PASSWORD  # noqa: PLC0415
    from tests.support.logins import registered  # noqa: PLC0415

    owners = [f"owner{number}@example.org" for number in range(OWNERS)]
    for owner in owners:
        registered(owner)
    known = {owner: lockout.device_token(owner) for owner in owners}
    found = [
        Attempt("owner", owners[at % OWNERS], PASSWORD, f"198.18.1.{at % OWNERS}", known[owners[at % OWNERS]])
        for at in range(OWN_LOGINS)
    ]
    for at in range(ATTACKS):
        guess = f"guess {at}"
        found += [
            Attempt("one account from everywhere", owners[0], guess, f"198.19.{at}.1"),
            Attempt("all accounts from one address", f"spray{at}@example.org", guess, "198.51.100.66"),
            Attempt("addresses that nobody has", f"nobody{at}@example.org", guess, f"203.0.{at}.1"),
        ]
    Random(34).shuffle(found)
    return found


def _outcome(attempt: Attempt) -> str:
    from functions.accounts.tokens.sessions import Place  # noqa: PLC0415
    from shared.errors import TooManyRequests, Unauthorized  # noqa: PLC0415

    place = Place(attempt.address, "Bench")
    try:
        _logging_in()(attempt.email, attempt.password, place, attempt.device_token)
    except Unauthorized:
        return "wrong"
    except TooManyRequests:
        return "locked"
    return "in"


if __name__ == "__main__":
    show("Logins and guesses", rows())
