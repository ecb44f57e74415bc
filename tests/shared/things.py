"""Kinds of items that tests store."""

from __future__ import annotations

from typing import ClassVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from shared.tables import Table


class Thing(Table):
    """An item of the counters' table, as a system's own kinds are."""

    class Meta:
        """One that has no index."""

        name = "counters"

    number = NumberAttribute(default=0)
    word = UnicodeAttribute(null=True)


class OtherThing(Thing):
    """A second kind in the same table."""

    colour = UnicodeAttribute(null=True)


class Elsewhere(Table):
    """A kind of another table."""

    class Meta:
        """A table beside the first."""

        name = "timers"

    made: ClassVar[int] = 0
    word = UnicodeAttribute(null=True)
