"""How far from today a day may lie that somebody says: a mistyped year is refused at every door,
before any work. Pure.
"""

from datetime import date, timedelta

from scheduler.kernel.errors import InputError

YEAR = timedelta(days=366)
YEARS = 2
"""Where a field says nothing else."""
A_LIFE, A_CHILDHOOD = 100, 18
"""Years that an authority or a finding may reach back, and ahead."""


def first_and_last(
    today: date, *, years_back: int = YEARS, years_ahead: int = YEARS
) -> tuple[date, date]:
    """Return between which days, both included, a day must lie."""
    return today - years_back * YEAR, today + years_ahead * YEAR


def refuse_far(
    day: date, today: date, *, years_back: int = YEARS, years_ahead: int = YEARS
) -> None:
    """Raise InputError for a day farther from today than that."""
    first, last = first_and_last(today, years_back=years_back, years_ahead=years_ahead)
    if not first <= day <= last:
        raise InputError(f"{day} does not lie between {first} and {last}")
