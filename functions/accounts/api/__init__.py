"""HTTP routes of accounts, a file a subject."""

from __future__ import annotations

from functions.accounts.api import (
    audit,
    browser,
    joining,
    keys,
    login,
    me,
    members,
    organisation,
    outside,
    people,
    registration,
    second_factor,
)
from shared.http.app import http_app

APIS = tuple(
    module.api
    for module in (
        registration,
        login,
        browser,
        outside,
        me,
        second_factor,
        people,
        organisation,
        members,
        joining,
        keys,
        audit,
    )
)

app = http_app(*APIS)
