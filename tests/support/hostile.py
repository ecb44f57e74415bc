"""What strangers may send."""

from __future__ import annotations

from hypothesis import strategies as st

ANY_LETTER = st.characters()
"""Also the halves of pairs that UTF-8 cannot hold, which hypothesis leaves out of its texts."""


def texts(max_size: int, min_size: int = 0) -> st.SearchStrategy[str]:
    """Texts of any letters."""
    return st.text(ANY_LETTER, min_size=min_size, max_size=max_size)
