"""The days a practice is closed: its own closures and the public holidays of its state. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol

import holidays

_SUFFOLK_ONLY = ("Evacuation Day", "Bunker Hill Day")
_SUNDAY = 6


class Closed(Protocol):
    """Whole days closed, both ends included, and why."""

    @property
    def first(self) -> date:
        """The first day."""

    @property
    def last(self) -> date:
        """The last day."""

    @property
    def note(self) -> str | None:
        """The practice's own word for it."""


def closed_days(
    state: str, policy: str, closures: Iterable[Closed], first: date, last: date
) -> dict[date, str]:
    """Return each closed day from `first` through `last` in order, with the reason.

    `state` is two letters, `policy` "closed" or "open" (on public holidays). On a day with two
    reasons the practice's own is given.
    """
    found: dict[date, str] = {}
    if policy == "closed":
        found = _public_holidays(state, first, last)
    for closure in closures:
        day = max(closure.first, first)
        until = min(closure.last, last)
        while day <= until:
            found[day] = closure.note or "closed"
            day += timedelta(days=1)
    within = {}
    for day in sorted(found):
        if first <= day <= last:
            within[day] = found[day]
    return within


def _public_holidays(state: str, first: date, last: date) -> dict[date, str]:
    """Return the state's public holidays; a year more on each side, since some are observed in the
    year before.
    """
    years = range(first.year - 1, last.year + 2)
    if state == "MA":
        return _massachusetts(years)
    known = holidays.country_holidays("US", subdiv=state, years=years)
    return dict(known)


def _massachusetts(years: Iterable[int]) -> dict[date, str]:
    """Return the statewide legal holidays: Sunday's on Monday, Saturday's on Saturday (M.G.L. c.4,
    s.7).
    """
    found: dict[date, str] = {}
    plain = holidays.country_holidays("US", subdiv="MA", years=years, observed=False)
    for day, name in sorted(plain.items()):
        if name in _SUFFOLK_ONLY:
            continue
        found[day] = name
        if day.weekday() == _SUNDAY:
            monday = day + timedelta(days=1)
            found[monday] = f"{name} (observed)"
    return found
