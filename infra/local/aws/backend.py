"""The parts of ministack that the embedded AWS uses, loaded once its settings are in the environment.

All knowledge of ministack's private names is here and in `seams.py` and `state.py`, which is why its version is pinned.
"""

import importlib
import importlib.metadata
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = "1.5.33"
ACCOUNT = "000000000000"
REGION = "eu-central-1"
# ministack writes its port into queue addresses and answers with the caller's Host instead: a constant here keeps
# stored addresses valid when the real port changes from run to run.
_NOMINAL_PORT = "4566"
_KEPT_ENVIRONMENT = ("HOME", "LANG", "LC_ALL", "PATH", "PYTHONPATH", "TMPDIR", "TZ")
_SERVICES = ("dynamodb", "s3", "sqs", "ses", "ses_v2", "kms", "ssm", "secretsmanager", "eventbridge")


class WrongVersion(Exception):
    """Another ministack is installed than the one this package was written for."""


@dataclass(frozen=True)
class Ministack:
    """The loaded modules of ministack, by the name of their service."""

    services: dict[str, Any]
    persistence: Any
    responses: Any
    concurrency: Any


def check_version() -> None:
    """Returns when the pinned ministack is installed.

    Raises: WrongVersion.
    """
    try:
        found = importlib.metadata.version("ministack")
    except importlib.metadata.PackageNotFoundError:
        found = "none"
    if found != VERSION:
        raise WrongVersion(
            f"the embedded AWS needs ministack {VERSION}, installed is {found}: pip install ministack=={VERSION}"
        )


def load(objects_folder: Path) -> Ministack:
    """ministack without its own server: the service modules alone, S3 objects kept as files in the folder given."""
    _settle_environment(objects_folder)
    logging.getLogger("kms").setLevel(logging.ERROR)  # it warns that asymmetric keys need another package
    importlib.import_module("ministack.app")
    services = {name: importlib.import_module(f"ministack.services.{name}") for name in _SERVICES}
    core = (importlib.import_module(f"ministack.core.{name}") for name in ("persistence", "responses", "concurrency"))
    return Ministack(services, *core)


def _settle_environment(objects_folder: Path) -> None:
    for name in set(os.environ) - set(_KEPT_ENVIRONMENT):
        del os.environ[name]
    os.environ.update(
        GATEWAY_PORT=_NOMINAL_PORT,
        BIND_HOST="127.0.0.1",
        LOG_LEVEL="WARNING",
        MINISTACK_ACCOUNT_ID=ACCOUNT,
        MINISTACK_REGION=REGION,
        S3_PERSIST="1",
        S3_DATA_DIR=str(objects_folder),
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
    )
