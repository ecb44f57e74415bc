"""Data that many tests begin with: made once in a process, put back as it was for each of them."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any, NamedTuple

import moto.backends
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra import demo_data
from tests.support import moto_aws


class Stored(NamedTuple):
    """What lay in moto: tables and parameters as bytes, for tests change them; files, which nobody changes in place."""

    tables: bytes
    parameters: bytes
    files: dict[str, dict[str, Any]]


_kept: dict[Callable[[], object], Stored] = {}


def demo() -> None:
    """Stores the demo's organisations."""
    begin_with(demo_data.seed)


def begin_with(make: Callable[[], object]) -> None:
    """Stores what `make` stores in an AWS that is empty."""
    if make in _kept:
        _put_back(_kept[make])
    else:
        make()
        _kept[make] = _taken()


def _taken() -> Stored:
    tables = {name: table.items for name, table in moto_aws.backend("dynamodb").tables.items()}
    files = {name: dict(bucket.keys.items()) for name, bucket in _buckets().items()}
    return Stored(pickle.dumps(tables), pickle.dumps(dict(moto_aws.backend("ssm")._parameters)), files)


def _put_back(stored: Stored) -> None:
    for name, items in pickle.loads(stored.tables).items():  # noqa: S301  # our own bytes
        moto_aws.backend("dynamodb").tables[name].items.update(items)
    moto_aws.backend("ssm")._parameters.update(pickle.loads(stored.parameters))  # noqa: S301
    for name, files in stored.files.items():
        for key, file in files.items():
            _buckets()[name].keys[key] = file


def _buckets() -> Any:
    return moto.backends.get_backend("s3")[DEFAULT_ACCOUNT_ID]["aws"].buckets
