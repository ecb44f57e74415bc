"""The product as a process: it starts, tells why it cannot, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from infra.local import state_dir as folder
from infra.local.forks import ROOT
from infra.local.functions import BACKGROUND_WORKERS, HTTP_WORKERS
from infra.local.product import NotStarted, Product
from tests.infra.local.processes import family, is_running, rss_bytes
from tests.infra.local.sample import DEFINITIONS

pytestmark = pytest.mark.xdist_group("run")
DEMO = "tests.infra.local.sample_demo"
PATIENCE_S = 15.0
START_S = 5.0
MOST_IDLE_BYTES = 600_000_000
KEPT_AFTER_S = 5.0


def until(found: Callable[[], object]) -> None:
    """Returns as soon as something is found."""
    deadline = time.monotonic() + PATIENCE_S
    while not found():
        assert time.monotonic() < deadline, "not in time"
        time.sleep(0.02)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """What the command does, where it ends by itself."""
    command = [sys.executable, "-m", "infra.local.run", "--definitions", DEFINITIONS, "--demo", "", *arguments]
    return subprocess.run(  # noqa: S603
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, timeout=PATIENCE_S, check=False
    )


def rows(product: Product) -> Any:
    """The sample's table."""
    found = product.environment
    session = boto3.session.Session(
        found["AWS_ACCESS_KEY_ID"], found["AWS_SECRET_ACCESS_KEY"], region_name="eu-central-1"
    )
    return session.resource("dynamodb", endpoint_url=found["AWS_ENDPOINT_URL"]).Table("svyaz-local-rows")


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The sample as a process."""
    with Product.start(tmp_path_factory.mktemp("product"), definitions=DEFINITIONS, demo=DEMO) as started:
        yield started


def test_it_tells_how_to_reach_it(product: Product) -> None:
    printed = product.printed()
    assert f"{product.base_url}/_local/" in printed
    assert f"{product.base_url}/_local/fakes/telegram/" in printed
    assert folder.running(product.state_dir) is not None
    assert httpx.get(product.base_url + "/echo").status_code == 200


def test_what_it_tells_is_private(product: Product) -> None:
    for name in (folder.RUNNING, folder.DEMO, "telegram-bots.json"):
        assert (product.state_dir / name).stat().st_mode & 0o077 == 0


def test_demo_data_gets_addresses_and_bots(product: Product) -> None:
    assert product.demo["base_url"] == product.base_url
    assert product.demo["websocket_url"] == product.websocket_url
    asked = product.demo["asked"]
    assert asked["telegram_url"] == product.environment["SVYAZ_TELEGRAM_API_URL"]
    assert {bot["username"] for bot in asked["bots"]}
    assert asked["is_loaded"] is False
    answer = httpx.get(f"{asked['telegram_url']}/bot{asked['bots'][0]['token']}/getMe").json()
    assert answer["result"]["username"] == asked["bots"][0]["username"]


def test_a_second_one_on_the_same_folder_is_refused(product: Product) -> None:
    found = run("--port", "0", "--state-dir", str(product.state_dir))
    assert found.returncode == 1
    assert f"already runs with {product.state_dir} (process {product.child.pid}, {product.base_url})" in found.stderr


def test_a_taken_port_is_told(product: Product, tmp_path: Path) -> None:
    port = product.base_url.rpartition(":")[2]
    found = run("--state-dir", str(tmp_path), PORT=port)
    assert found.returncode == 1
    assert found.stderr.startswith(f"Port {port} of 127.0.0.1 cannot be used (Address already in use): ")
    assert len(found.stderr.splitlines()) == 1


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state" / folder.LOCK).symlink_to("/dev/full")
    (tmp_path / "state" / "telegram-bots.json.new").symlink_to("/dev/full")
    found = run("--port", "0", "--state-dir", str(tmp_path / "state"))
    assert found.returncode == 1
    assert f"The disk that holds {tmp_path / 'state'} is full" in found.stderr


@pytest.mark.deep
def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    found = run("--port", "0", "--state-dir", str(tmp_path / "file" / "state"))
    assert found.returncode == 1
    assert "Not a directory" in found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.deep
def test_broken_code_at_start_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotStarted, match="AttributeError") as refused:
        Product.start(tmp_path, definitions="tests.infra.local.sample.missing")
    assert "Traceback" not in str(refused.value)
    assert "functions.log" in str(refused.value)


def test_idle_it_is_small(product: Product) -> None:
    used = {pid: rss_bytes(pid) for pid in family(product.child.pid)}
    assert len(used) >= 3 + HTTP_WORKERS + BACKGROUND_WORKERS
    assert sum(used.values()) < MOST_IDLE_BYTES


def test_only_loopback_is_listened_on(product: Product) -> None:
    inodes = {str(path.readlink()) for pid in family(product.child.pid) for path in _descriptors(pid)}
    listening = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    ours = [fields[1] for fields in listening if fields[3] == "0A" and f"socket:[{fields[9]}]" in inodes]
    assert len(ours) == 2
    assert all(address.startswith("0100007F:") for address in ours)


def _descriptors(pid: int) -> list[Path]:
    try:
        return [path for path in Path(f"/proc/{pid}/fd").iterdir() if path.is_symlink()]
    except OSError:
        return []


def test_stopped_it_ends_whole_keeps_everything_and_starts_quickly(tmp_path: Path) -> None:
    """PLAT-1: what a person did is still there after a restart."""
    with Product.start(tmp_path, definitions=DEFINITIONS, demo=DEMO) as first:
        everybody = family(first.child.pid)
        rows(first).put_item(Item={"pk": "kept"})
        with connect(first.websocket_url + "?mark=x") as page:
            assert first.stop() == 0
            with pytest.raises(ConnectionClosed):
                page.recv(timeout=PATIENCE_S)
    until(lambda: not any(map(is_running, everybody)))
    events = [json.loads(line)["requestContext"] for line in (tmp_path / "socket.jsonl").read_text().splitlines()]
    assert [event["eventType"] for event in events] == ["CONNECT", "DISCONNECT"]
    assert folder.running(tmp_path) is None
    started = time.monotonic()
    with Product.start(tmp_path, definitions=DEFINITIONS, demo=DEMO) as second:
        assert time.monotonic() - started < START_S
        assert rows(second).get_item(Key={"pk": "kept"})["Item"] == {"pk": "kept"}
        assert second.demo["asked"]["is_loaded"] is True
        second.child.terminate()
        assert second.child.wait(PATIENCE_S) == 0


@pytest.mark.deep
@pytest.mark.parametrize("after_s", [0.2, 0.6])
def test_stopped_while_it_starts_it_ends_whole(tmp_path: Path, after_s: float) -> None:
    command = [sys.executable, "-m", "infra.local.run", "--port", "0", "--state-dir", str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE) as child:  # noqa: S603
        time.sleep(after_s)
        everybody = family(child.pid)
        os.killpg(child.pid, signal.SIGINT)
        child.communicate(timeout=PATIENCE_S)
    until(lambda: not any(map(is_running, everybody)))


@pytest.mark.deep
def test_killed_it_leaves_no_process_and_loses_no_more_than_the_last_seconds(tmp_path: Path) -> None:
    with Product.start(tmp_path, definitions=DEFINITIONS, demo="") as first, ThreadPoolExecutor(1) as pool:
        everybody = family(first.child.pid)
        rows(first).put_item(Item={"pk": "kept"})
        written_at = time.monotonic()
        until(lambda: any(b'"kept"' in path.read_bytes() for path in (tmp_path / "aws").rglob("*.part")))
        assert time.monotonic() - written_at < KEPT_AFTER_S
        hanging = pool.submit(httpx.post, first.base_url + "/do/hang", timeout=PATIENCE_S)
        time.sleep(0.3)
        assert first.kill() == -signal.SIGKILL
        assert isinstance(hanging.exception(), httpx.HTTPError)
    until(lambda: not any(map(is_running, everybody)))
    with Product.start(tmp_path, definitions=DEFINITIONS, demo="") as second:
        assert rows(second).get_item(Key={"pk": "kept"})["Item"] == {"pk": "kept"}
        check_that_a_dead_child_ends_it(second)


def check_that_a_dead_child_ends_it(product: Product) -> None:
    """The embedded AWS dies: the product says so and ends too."""
    everybody = family(product.child.pid)
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in everybody}
    os.kill(next(pid for pid, command in commands.items() if "infra.local.aws" in command), signal.SIGKILL)
    assert product.child.wait(PATIENCE_S) == 1
    assert "The embedded AWS has ended by itself" in product.printed()
    until(lambda: not any(map(is_running, everybody)))
