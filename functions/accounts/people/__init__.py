"""People with a login: what they are called, what they are found by, and what becomes of their data."""
