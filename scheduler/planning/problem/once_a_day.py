"""Kinds of which a patient has at most one a day (`Rules.once_a_day`; 130 CMR 429.441(B)). Pure."""

from collections.abc import Iterable

from scheduler.planning.problem.minute_sets import ALL, MinuteSet, day_of
from scheduler.programs import Kind, Rules


def days_left(rules: Rules, kind: Kind, others: Iterable[tuple[Kind, int]]) -> MinuteSet:
    """Return the minutes of the days on which one of `kind` may still come: `others` have a
    weekday, Monday 0, each.
    """
    left = ALL
    if kind in rules.once_a_day:
        for held, weekday in others:
            if held in rules.once_a_day:
                left &= ~day_of(weekday)
    return left
