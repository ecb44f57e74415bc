"""The whole product, running, as `make run` starts it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from infra.local.product import Product
from tests.support.running import ChatVisitor, TelegramPerson


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
