"""Days that a command is given: the same bounds as on the pages."""

from datetime import date, datetime

from scheduler.kernel.errors import InputError
from scheduler.kernel.untrusted.day_bounds import YEARS, refuse_far
from scheduler.people import practice


def near_day(
    option: str,
    said: datetime,
    *,
    now: datetime,
    years_back: int = YEARS,
    years_ahead: int = YEARS,
) -> date:
    """Return the day an option or argument says. Raises InputError, with its name, for one farther
    from today.
    """
    day = said.date()
    today = practice().day_at(now)
    try:
        refuse_far(day, today, years_back=years_back, years_ahead=years_ahead)
    except InputError as error:
        raise InputError(f"{option}: {error}") from error
    return day
