"""When school is in: weekly hours on the days of its terms. Pure values; wall time of whoever goes
there.
"""

from dataclasses import dataclass
from datetime import date

from scheduler.people import Window


@dataclass(frozen=True, slots=True)
class Term:
    """Days on which there is school, both ends included."""

    first: date
    last: date


@dataclass(frozen=True, slots=True)
class School:
    """The hours in which a patient under 18 is at school, on days of a term; holidays are the gaps
    between terms.
    """

    hours: tuple[Window, ...]
    terms: tuple[Term, ...]

    def is_in_term(self, day: date) -> bool:
        """True if `day` is one of a term's days."""
        return any(term.first <= day <= term.last for term in self.terms)
