"""Logins by accounts that people have elsewhere: Telegram and VK ID."""
