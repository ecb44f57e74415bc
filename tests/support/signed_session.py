"""A person with a session, in the AWS that the environment names: `python -m tests.support.signed_session`.

Prints his ids and tokens; with two ids, of a person and a session, it ends that session.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any


def run(environment: Mapping[str, str], *ids: str) -> dict[str, Any]:
    """What a process in that environment prints."""
    command = [sys.executable, "-m", "tests.support.signed_session", *ids]
    ran = subprocess.run(  # noqa: S603  # ourselves
        command, env=os.environ | dict(environment), capture_output=True, text=True, check=True, timeout=60
    )
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def main(ids: list[str]) -> None:
    """Opens a session, or ends one."""
    from functions.accounts.tokens import sessions  # noqa: PLC0415  # whoever only runs this needs none of the product
    from tests.support.session_races import Person  # noqa: PLC0415

    if ids:
        sessions.end(ids[0], ids[1])
        print("{}")  # noqa: T201
        return
    person = Person()
    tokens = person.open()
    [session] = sessions.sessions_of(person.id)
    told = {"user_id": person.id, "session_id": session.id, **vars(tokens)}
    print(json.dumps(told))  # noqa: T201  # read by the test


if __name__ == "__main__":
    main(sys.argv[1:])
