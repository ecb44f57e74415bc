"""Telegram on loopback: its Bot API, its webhooks, and people who chat with the bots."""

from infra.local.fakes.telegram.faults import Fault
from infra.local.fakes.telegram.flood import FloodLimits
from infra.local.fakes.telegram.people import ActError
from infra.local.fakes.telegram.server import TelegramServer
from infra.local.fakes.telegram.state import Bot, Person

__all__ = ["ActError", "Bot", "Fault", "FloodLimits", "Person", "TelegramServer"]
