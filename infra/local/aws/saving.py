"""The state written to disk every few seconds, and once more at the end."""

import asyncio
import logging

from infra.local.aws.seams import UnwrittenObjects
from infra.local.aws.snapshots import Snapshots
from infra.local.aws.state import AwsState

PERIOD_S = 2.0
_LAST_ATTEMPTS = 3
_log = logging.getLogger(__name__)


class Saver:
    """Writes what changed; when the disk refuses it says so once and tries again."""

    def __init__(
        self, state: AwsState, snapshots: Snapshots, objects: UnwrittenObjects, period_s: float = PERIOD_S
    ) -> None:
        self._period_s = period_s
        self._state = state
        self._snapshots = snapshots
        self._objects = objects
        self._is_failing = False
        self._turn = asyncio.Lock()

    async def run(self) -> None:
        """Never returns: saves every few seconds."""
        while True:
            await asyncio.sleep(self._period_s)
            await self.save()

    async def finish(self) -> bool:
        """Whether everything is on the disk at the end."""
        self._state.hurry()
        for _ in range(_LAST_ATTEMPTS):
            if await self.save():
                return True
        return False

    async def save(self) -> bool:
        """Whether everything is on the disk now."""
        async with self._turn:
            taken = self._state.take()
            self._objects.write_again()
            try:
                if taken.parts or taken.gone:
                    await asyncio.to_thread(self._snapshots.save, taken.parts, taken.gone)
            except OSError as error:
                self._state.put_back(taken)
                return self._report(str(error))
        return self._report(f"{len(self._objects)} S3 objects are only in memory" if len(self._objects) else "")

    def _report(self, trouble: str) -> bool:
        if trouble and not self._is_failing:
            _log.error("the state cannot be saved and would be lost now (%s); trying again every few seconds", trouble)
        elif self._is_failing and not trouble:
            _log.warning("the state is saved again")
        self._is_failing = bool(trouble)
        return not trouble
