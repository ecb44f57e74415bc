"""The local AWS for one command: that of the running product, or one that is started for the command alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local import state_dir as folder
from infra.local.aws.process import AwsNotStarted, EmbeddedAws
from infra.local.environment import MAIL_FROM, function_environment

PORT = 8000


@contextmanager
def attached(state_dir: Path) -> Iterator[None]:
    """Leads this process to the local AWS, with every resource there and the settings that functions have.

    Raises: CannotStart.
    """
    state_dir = state_dir.resolve()
    running = folder.running(state_dir)
    if running is not None:
        os.environ.update(running["environment"])
        yield
        return
    with folder.lock(state_dir):
        try:
            aws = EmbeddedAws.start(state_dir / folder.AWS)
        except (OSError, AwsNotStarted) as error:
            raise folder.CannotStart(str(error)) from error
        with aws:
            os.environ.update(function_environment(aws.environment(), PORT, state_dir / "clock"))
            _ensure_resources()
            yield


def _ensure_resources() -> None:
    from infra.local import definitions, resources  # noqa: PLC0415  # they read the environment that was just set

    resources.ensure({"definitions": definitions.read({}, None), "senders": [MAIL_FROM]}, None)
