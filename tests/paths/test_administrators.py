"""Races of administrators, in a process of its own against the embedded AWS."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from infra.local.product import Product
from tests.support.administrators import AT_ONCE, ROUNDS

pytestmark = pytest.mark.xdist_group("product")


def test_one_administrator_stays_whoever_puts_whom_out(product: Product) -> None:
    """PLAT-33, PLAT-21: all of them at one moment, each puts out the next."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.administrators"],
        env=os.environ | product.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert run.returncode == 0, run.stderr
    rounds = json.loads(run.stdout.splitlines()[-1])
    expected = {"left": 1, "counted": 1, "ended": sorted(["done"] * (AT_ONCE - 1) + ["refused"])}
    assert rounds == [expected] * ROUNDS
