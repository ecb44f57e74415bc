"""What every test stands on: stage `test`, AWS by moto, no network but loopback."""

from __future__ import annotations

from tests.support import environment

environment.set_up()

from collections.abc import Iterator  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402
from moto import mock_aws  # noqa: E402

hypothesis.settings.register_profile("svyaz", deadline=None)  # a loaded machine is no fault of a test
hypothesis.settings.load_profile("svyaz")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keeps the tests of a file in one process, with the servers that they share."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.as_posix()))


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
