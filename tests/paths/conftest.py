"""The whole product, running, as `make run` starts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from infra.local.product import Product
from tests.support.running import ChatVisitor, TelegramPerson


@pytest.fixture(scope="session")
def product(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One product for all tests of whole paths; each brings people of its own."""
    with Product.start(tmp_path_factory.mktemp("product")) as running:
        yield running


@pytest.fixture
def phone(product: Product) -> Iterator[Callable[..., TelegramPerson]]:
    """Makes people who chat in Telegram."""
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(closing(TelegramPerson(product, **given)))


@pytest.fixture
def page(product: Product) -> Iterator[Callable[..., ChatVisitor]]:
    """Makes people who open a web chat."""
    with ExitStack() as stack:
        yield lambda **given: stack.enter_context(closing(ChatVisitor(product, **given)))
