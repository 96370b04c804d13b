"""How an hour is counted (interfaces of the clinic file, "Rules"). Pure; all in whole points.

A point is a minute for `clock` and `net`, and half a unit (25 minutes) for `units`.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import TypeAlias

from scheduler.programs import HourCounts

BREAK_COUNTED = 30
"""Breaks of at most so many minutes between two sessions count, by the clock."""

Points: TypeAlias = int
"""What hours are counted in: see above."""
Span = tuple[int, int]
"""Begin and end of a session in minutes of one scale."""


def points_of_hour(counts: HourCounts) -> Points:
    """Return how many points make an hour."""
    if counts is HourCounts.UNITS:
        return 2
    return 60


def day_points(spans: Iterable[Span], counts: HourCounts) -> Points:
    """Count one patient's day: the sessions that seat them, as spans that do not overlap."""
    if counts is HourCounts.UNITS:
        return sum([(end - begin) // 25 for begin, end in spans])
    ordered = sorted(spans)
    total = sum(end - begin for begin, end in ordered)
    if counts is HourCounts.CLOCK:
        gaps = (after[0] - before[1] for before, after in pairwise(ordered))
        total += sum(gap for gap in gaps if 0 < gap <= BREAK_COUNTED)
    return total


def hours_of(points: Points, counts: HourCounts) -> float:
    """Return points as hours."""
    return points / points_of_hour(counts)


def minutes_of(points: Points, counts: HourCounts) -> int:
    """Return points as minutes: half a unit is 25."""
    if counts is HourCounts.UNITS:
        return points * 25
    return points
