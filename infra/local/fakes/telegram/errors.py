"""The refusals of the Bot API, with Telegram's own wording."""

from typing import NoReturn


class ApiError(Exception):
    """A call that Telegram refuses."""

    def __init__(self, code: int, description: str, *, retry_after_s: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after_s = retry_after_s


def refuse(reason: str) -> NoReturn:
    """Never returns: raises a 400 with the reason."""
    description = f"Bad Request: {reason}"
    raise ApiError(400, description)


def too_many_requests(retry_after_s: int) -> ApiError:
    """A 429 that names the wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after_s}", retry_after_s=retry_after_s)


def blocked() -> ApiError:
    """A 403 for a person who has stopped the bot."""
    return ApiError(403, "Forbidden: bot was blocked by the user")
