"""HTTP for all systems: routes described by pydantic models, problem+json, cursors, limits."""
