"""The end of a sentence: one point, also where its last word brings its own ("a las 6:00 p. m.").
Pure.
"""

from typing import Any

NO_BREAK = "\N{NO-BREAK SPACE}"
HALVES = ("a. m.", "p. m.", f"a.{NO_BREAK}m.", f"p.{NO_BREAK}m.")
"""Words of the clock that end in a point (Real Academia Española, Ortografía, "a. m.")."""


def ended(said: str) -> str:
    """Return a text in which no such word is followed by a second point; markup stays markup."""
    for half in HALVES:
        said = said.replace(f"{half}.", half)
    return said


class Sentence(str):
    """A message of a catalog: whatever stands in its gaps, it ends with one point."""

    __slots__ = ()

    def format(self, *values: object, **named: object) -> str:
        """Fill the gaps named by braces."""
        return ended(super().format(*values, **named))

    def __mod__(self, values: Any) -> str:
        """Fill the gaps named by per cent signs."""
        return ended(super().__mod__(values))
