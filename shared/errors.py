"""The one tree of errors: each class says its HTTP status and whether a queue should try again."""

from __future__ import annotations

from typing import Any, ClassVar

SERVER_FAILS = 500


class SvyazError(Exception):
    """An expected failure, told to whoever asked in `detail`.

    Shape: `values` fill the places that `detail` names in braces; `extra` are further fields for programs.
    Units: `retry_after_s` is in seconds.
    """

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"
    is_retryable: ClassVar[bool] = False
    is_dead_letter: ClassVar[bool] = False

    def __init__(
        self,
        detail: str,
        *,
        retry_after_s: int | None = None,
        values: dict[str, object] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail.format(**values) if values else detail)
        self.detail = detail
        self.values = values or {}
        self.retry_after_s = retry_after_s
        self.extra = extra

    @property
    def is_ours(self) -> bool:
        """Whether the fault lies on our side or further behind us, not with whoever asked."""
        return self.status >= SERVER_FAILS

    @property
    def kind(self) -> str:
        """The name of the error for programs, such as `slot-taken`: the last part of a problem's `type`."""
        name = type(self).__name__
        return "".join(f"-{c.lower()}" if c.isupper() and i else c.lower() for i, c in enumerate(name))


class InvalidPayload(SvyazError):
    """What came in is not of the form that was agreed (400): a queue puts it aside at once."""

    status = 400
    title = "Invalid payload"
    is_dead_letter = True


class InvalidField(InvalidPayload):
    """The form is right but a value is not (422)."""

    status = 422
    title = "Invalid value"


class PayloadTooLarge(InvalidPayload):
    """The body is over the limit of the route (413)."""

    status = 413
    title = "Payload too large"


class UnsupportedMedia(InvalidPayload):
    """The content type is not one that the route reads (415)."""

    status = 415
    title = "Unsupported media type"


class Unauthorized(SvyazError):
    """Nobody known asks (401)."""

    status = 401
    title = "Unauthorized"


class Forbidden(SvyazError):
    """Somebody known asks for what is not theirs to do (403)."""

    status = 403
    title = "Forbidden"


class SecondFactorRequired(Forbidden):
    """The caller's role needs a second factor, and he has not shown one (403)."""

    title = "Second factor required"


class NotFound(SvyazError):
    """The thing is not there, or not for this caller (404)."""

    status = 404
    title = "Not found"


class Conflict(SvyazError):
    """The thing has changed or is taken since the caller looked (409)."""

    status = 409
    title = "Conflict"


class SlotTaken(Conflict):
    """Somebody else holds that time; `extra` may carry other free times."""

    title = "The time is taken"


class Contended(SvyazError):
    """Others change the same things at this moment (503): worth another try at once."""

    status = 503
    title = "Busy, try again"
    is_retryable = True


class RuleViolation(SvyazError):
    """A rule of the business forbids it now (422)."""

    status = 422
    title = "Against the rules"


class TooManyRequests(SvyazError):
    """The caller asks too often (429); `retry_after_s` says when to come back."""

    status = 429
    title = "Too many requests"


class ProviderRejected(SvyazError):
    """A provider refused for good (502): trying again would change nothing."""

    status = 502
    title = "Refused by the provider"


class ProviderThrottled(SvyazError):
    """A provider asks for a pause (503)."""

    status = 503
    title = "The provider asks for a pause"
    is_retryable = True


class ProviderUnavailable(SvyazError):
    """A provider does not answer or fails (503)."""

    status = 503
    title = "The provider does not answer"
    is_retryable = True


class SettingsInvalid(SvyazError):
    """A setting is missing or wrong; `detail` begins with its name."""

    title = "Wrong setting"
