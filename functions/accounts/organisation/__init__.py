"""Organisations: their members, teams, invitations and API keys."""
