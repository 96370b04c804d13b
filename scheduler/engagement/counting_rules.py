"""How engagement of families is counted and what of it may be shown. Pure.

A pair is one relative and one date that is over. Counts of a kind are always shown, a rate only
from six pairs on and with its interval; in tables that split people up, cells under six are hidden,
and more with them, so that none is found by subtraction.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple, TypeVar

from scheduler.programs import Kind

SMALL = 6
"""Fewer pairs than this are not drawn as a rate, and hidden where people are split up."""
Z = 1.959964
"""Two-sided 95 % of the normal distribution."""
Name = TypeVar("Name")
ACCEPTED = "accepted"
DECLINED = "declined"


class Pair(NamedTuple):
    """One relative and one date that is over."""

    kind: Kind
    relation: str
    weekday: int
    """0 is Monday, where the session is held."""
    lead_days: int | None
    """Whole days between the last word about it and the date; None: never told."""
    is_told: bool
    answer: str | None
    """accepted, declined or tentative, to the time it was held at."""
    attended: bool


@dataclass(frozen=True, slots=True)
class EngagementCounts:
    """How many pairs were invited, and what became of them."""

    invited: int = 0
    told: int = 0
    answered: int = 0
    accepted: int = 0
    declined: int = 0
    attended: int = 0

    @property
    def rate(self) -> float | None:
        """Return the share of the invited who attended; None for fewer than six."""
        if self.invited < SMALL:
            return None
        return self.attended / self.invited


def count_pairs(pairs: Iterable[Pair]) -> EngagementCounts:
    """Count pairs."""
    invited = 0
    told = 0
    answered = 0
    accepted = 0
    declined = 0
    attended = 0
    for pair in pairs:
        invited += 1
        told += pair.is_told
        answered += pair.answer is not None
        accepted += pair.answer == ACCEPTED
        declined += pair.answer == DECLINED
        attended += pair.attended
    return EngagementCounts(invited, told, answered, accepted, declined, attended)


def grouped(pairs: Iterable[Pair], name: Callable[[Pair], Name]) -> dict[Name, EngagementCounts]:
    """Count pairs by what `name` says of each."""
    groups: dict[Name, list[Pair]] = {}
    for pair in pairs:
        groups.setdefault(name(pair), []).append(pair)
    return {key: count_pairs(those) for key, those in groups.items()}


def wilson(part: int, whole: int) -> tuple[float, float]:
    """Return the 95 % interval of a rate (E. B. Wilson, 1927); `whole` is at least 1."""
    share = part / whole
    weight = Z * Z / whole
    middle = share + weight / 2
    spread = Z * sqrt(share * (1 - share) / whole + weight / (4 * whole))
    low = (middle - spread) / (1 + weight)
    high = (middle + spread) / (1 + weight)
    return max(low, 0.0), min(high, 1.0)


def suppressed(column: Sequence[int]) -> tuple[list[int | None], int | None]:
    """Return the cells of a column that may be shown, and its total; None is hidden.

    With cells under six every cell of the smallest other figure is hidden: whoever knows total and
    rule cannot tell which of the hidden is which. Where all could be that small, all are hidden:
    the total, which other tables show, then says nothing of them that it did not say before.
    """
    if sum(column) < SMALL * len(column):
        return [None for _ in column], None
    others = [value for value in column if value >= SMALL]
    if len(others) == len(column):
        return list(column), sum(column)
    most_hidden = min(others)
    cells: list[int | None] = []
    for value in column:
        cells.append(value if value > most_hidden else None)
    return cells, sum(column)


@dataclass(frozen=True, slots=True)
class PatientCounts:
    """Patients of one group: how often they came, and how many of those whose stay is over stayed
    to the end.
    """

    patients: int = 0
    written: int = 0
    """Sessions of theirs of which somebody said whether they came."""
    attended: int = 0
    ended: int = 0
    completed: int = 0

    @property
    def attendance_rate(self) -> float | None:
        """Return the share of the sessions they came to; None for fewer than six patients."""
        if self.patients < SMALL or not self.written:
            return None
        return self.attended / self.written

    @property
    def completion_rate(self) -> float | None:
        """Return the share that stayed to the end; None for fewer than six whose stay is over."""
        if self.ended < SMALL:
            return None
        return self.completed / self.ended
