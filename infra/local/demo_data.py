"""The demo data's seam: `infra.local.demo.load(event, context)`, called in a worker at every start.

It runs once the product serves. Its event tells `base_url`, `websocket_url`, `telegram_url`, `bots` (username, name,
token) and `is_loaded`; its answer, a JSON object, becomes part of `demo.json`. With `is_loaded` it has only to bring
addresses up to date and to answer the same again. The mark that it was loaded lies in the embedded AWS, beside the
data: a crash loses both or none.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from infra.local import state_dir as folder
from infra.local.aws_calls import AwsCallFailed, AwsCalls
from infra.local.environment import TELEGRAM_PATH
from infra.local.runtime import LOOPBACK, Runtime

DEMO = "infra.local.demo"
MARK = "/svyaz/local/demo"
TIMEOUT_S = 120


async def load(runtime: Runtime, demo: str = DEMO) -> dict[str, Any]:
    """What `demo.json` now says.

    Raises: CallFailed, CannotStart.
    """
    addresses = _addresses(runtime.port)
    found: dict[str, Any] = {}
    if demo and find_spec(demo) is not None:
        is_loaded = await _is_marked(runtime.aws_calls)
        bots = [{"username": bot.username, "name": bot.name, "token": bot.token} for bot in runtime.bots]
        async with await runtime.tool() as tool:
            event = {**addresses, "bots": bots, "is_loaded": is_loaded}
            found = await tool.call(f"{demo}.load", event, TIMEOUT_S)
        if not is_loaded:
            await runtime.aws_calls.call("ssm", "PutParameter", Name=MARK, Value="loaded", Type="String")
    content = {**addresses, **found}
    folder.write(runtime.options.state_dir, folder.DEMO, content)
    return content


def _addresses(port: int) -> dict[str, Any]:
    base_url = f"http://{LOOPBACK}:{port}"
    return {
        "base_url": base_url,
        "websocket_url": f"ws://{LOOPBACK}:{port}/ws",
        "telegram_url": f"{base_url}{TELEGRAM_PATH}",
        "local_url": f"{base_url}/_local/",
    }


async def _is_marked(aws: AwsCalls) -> bool:
    try:
        await aws.call("ssm", "GetParameter", Name=MARK)
    except AwsCallFailed as error:
        if "ParameterNotFound" in str(error):
            return False
        raise
    return True
