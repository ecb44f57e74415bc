"""What the HTTP API of outside logins and of the second factor takes and gives."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import ConfigDict, Field, model_validator

from functions.accounts.models import IdentityKind
from functions.accounts.outside.person import Fields
from functions.accounts.views import Code, Password
from shared.bus import Value

MAX_EXTRA = 10
MAX_VALUE = 512
EXTRA_NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
Line = Annotated[str, Field(max_length=MAX_VALUE, pattern=r"^[^\r\n]*$")]


class TelegramLogin(Value):
    """What Telegram's login widget gave the page, whole and as it was; other fields of Telegram's are taken too."""

    model_config = ConfigDict(extra="allow")

    id: Annotated[int, Field(gt=0, lt=2**63, examples=[700000001])]
    first_name: Annotated[Line, Field(examples=["Ольга"])]
    last_name: Line | None = None
    username: Line | None = None
    photo_url: Line | None = None
    auth_date: Annotated[int, Field(gt=0, lt=2**33, examples=[1795168800])]
    hash: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])]

    @model_validator(mode="after")
    def _check_extra(self) -> TelegramLogin:
        extra = self.model_extra or {}
        if len(extra) > MAX_EXTRA:
            raise ValueError("too many fields")
        for name, value in extra.items():
            if EXTRA_NAME.fullmatch(name) is None or not _is_plain(value):
                raise ValueError("a field is not in Telegram's form")
        return self

    @property
    def fields(self) -> Fields:
        """All that was sent."""
        return self.model_dump(exclude_none=True)


class TelegramConnection(Value):
    """A Telegram account to sign in by from now on; the password of one's account here where there is one."""

    login: TelegramLogin
    password: Password | None = None


class PasswordProof(Value):
    """The password of one's account where there is one."""

    password: Password | None = None


class VkAddress(Value):
    """Where the browser goes next."""

    url: Annotated[str, Field(examples=["https://id.vk.com/authorize?response_type=code&…"])]


class VkReturn(Value):
    """What VK ID sends a browser back with."""

    model_config = ConfigDict(extra="ignore")

    state: Annotated[str, Field(max_length=128)] = ""
    code: Annotated[str, Field(max_length=2048)] = ""
    device_id: Annotated[str, Field(max_length=512)] = ""
    error: Annotated[str, Field(max_length=128)] | None = None


class OutsideLogins(Value):
    """What people may sign in by here besides a password.

    Shape: `telegram_bot` is the bot that Telegram's widget names; `telegram_url` is the page behind the widget's
    button, which comes back to our own with `#tgAuthResult=` and the login as JSON in base 64.
    """

    telegram_bot: Annotated[str | None, Field(examples=["svyaz_anna_bot"])] = None
    telegram_url: Annotated[str | None, Field(examples=["https://oauth.telegram.org/auth?bot_id=100001&…"])] = None
    vk: bool


class IdentityView(Value):
    """Something that a person is found by."""

    kind: IdentityKind
    label: Annotated[str, Field(examples=["olga@example.org"])]


class IdentityList(Value):
    """All of it."""

    items: tuple[IdentityView, ...]


class SecondFactorStart(Value):
    """What an authenticator reads: from the picture, or typed in.

    Shape: `svg` is a QR code of `uri`.
    """

    secret: Annotated[str, Field(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"])]
    uri: Annotated[str, Field(examples=["otpauth://totp/Svyaz:olga%40example.org?secret=JBSWY3DPEHPK3PXP"])]
    svg: str


class CodeProof(Value):
    """A code of the authenticator, or a recovery code."""

    code: Code


class RecoveryCodes(Value):
    """Codes that open the account once each when the authenticator is lost; they are never shown again."""

    codes: Annotated[tuple[str, ...], Field(examples=[("k7xqm-29fdt",)])]


def _is_plain(value: object) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 2**63
    return isinstance(value, str) and len(value) <= MAX_VALUE and not {"\r", "\n"} & set(value)
