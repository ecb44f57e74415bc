"""What every test stands on: stage `test`, AWS by moto, no network but loopback."""

from __future__ import annotations

from tests.support import environment

environment.set_up()

from collections.abc import Iterator  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402
from moto import mock_aws  # noqa: E402

from infra.local.product import Product  # noqa: E402
from tests.support import log_watch as watched_logs  # noqa: E402
from tests.support import schedule  # noqa: E402
from tests.support.log_watch import log_watch  # noqa: E402, F401  # for every test

DEEP = "deep"
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)  # a loaded machine is no fault of a test
hypothesis.settings.register_profile(DEEP, deadline=None, max_examples=200)


def pytest_configure(config: pytest.Config) -> None:
    """With `-m deep` hypothesis looks for longer."""
    hypothesis.settings.load_profile(DEEP if _is_deep(config) else "quick")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Says what runs in one process, what begins first, and that `-m deep` repeats what hypothesis looks for."""
    if _is_deep(config):
        for item in items:
            if getattr(getattr(item, "obj", None), "is_hypothesis_test", False) and not _is_of_schema(item):
                item.add_marker(DEEP)
    schedule.order(items)
    if len({item.nodeid for item in items}) < len(items):  # of those that bear one name, one would run
        raise pytest.UsageError("Two tests bear the same name.")


def _is_of_schema(item: pytest.Item) -> bool:
    """Whether it is one of schemathesis' own, which have a longer form beside them."""
    return getattr(item, "operation_label", None) is not None


def _is_deep(config: pytest.Config) -> bool:
    return bool(config.option.markexpr == DEEP)


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One running product, as `make run` starts it, for all tests of whole paths; each brings people of its own."""
    with Product.start(tmp_path_factory.mktemp("product")) as running:
        yield running
    assert watched_logs.check_files(running.state_dir)


@pytest.fixture(scope="session")
def _moto() -> Iterator[None]:
    from tests.support import moto_aws  # noqa: PLC0415  # only tests that want AWS pay for it

    with mock_aws():
        moto_aws.create()
        yield


@pytest.fixture
def aws(_moto: None) -> Iterator[None]:
    """AWS with every resource of the product, and nothing in it."""
    from tests.support import moto_aws  # noqa: PLC0415

    moto_aws.empty()
    yield
    moto_aws.empty()
