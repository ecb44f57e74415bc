"""How the demo signs people in by accounts elsewhere: one of its bots, and an application of the loopback VK ID."""

from __future__ import annotations

from typing import Final

VK_CLIENT_ID: Final = "51000001"
VK_CALLBACK: Final = "/v1/accounts/login/vk/callback"
"""Where VK ID sends browsers back to; the application is registered with it."""
