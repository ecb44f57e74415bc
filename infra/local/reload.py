"""New code without a restart: changed files are checked, then all workers replaced; what is broken changes nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

from infra.local.code_watch import CodeWatch, syntax_error
from infra.local.framing import Disconnected
from infra.local.functions import CallFailed
from infra.local.runtime import Runtime
from infra.local.schedules import NotImitated

PERIOD_S = 0.5


class Reloader:
    """Watches the code of a running product."""

    def __init__(self, runtime: Runtime, watch: CodeWatch) -> None:
        self._runtime = runtime
        self._watch = watch
        self._tell = runtime.terminal.tell

    async def run(self) -> None:
        """Never returns by itself."""
        while True:
            await asyncio.sleep(PERIOD_S)
            changed = self._watch.changed()
            if changed:
                await self._reload(changed)

    async def _reload(self, changed: set[Path]) -> None:
        names = ", ".join(sorted(path.name for path in changed)[:5])
        if error := syntax_error(changed):
            self._tell(f"not reloaded, the old code goes on: {error}")
            return
        try:
            definitions = await self._runtime.read_definitions()
            self._runtime.use(definitions)
        except (CallFailed, NotImitated, ValueError) as broken:
            self._tell(f"not reloaded, the old code goes on: {broken}")
        except Disconnected:
            return  # the fork server is gone: the product is about to stop
        else:
            self._runtime.wakers.start()
            self._tell(f"reloaded: {names}")
