"""Aiogram is loaded as our sender loads it: its models are built on first use, which takes seconds less."""

from __future__ import annotations

import functions.messengers.channels.telegram_sender  # noqa: F401
