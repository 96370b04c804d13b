"""A patient's stays as days, and what they are once one is added, changed, taken back, left for
another cohort, interrupted or ended. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from scheduler.kernel.errors import InvalidFile, Problem

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class StayDays:
    """A stay in a cohort (key), both days included; `last` None: to the cohort's end. `waits` is
    the place in line, None: there is a seat.
    """

    id: str
    cohort: str
    first: date
    last: date | None
    waits: int | None = None
    is_current: bool = False

    def covers(self, day: date) -> bool:
        """True if the patient has a seat on `day`."""
        return self.waits is None and self.first <= day <= (self.last or date.max)


@dataclass(frozen=True, slots=True)
class Run:
    """The first and the last day of a cohort."""

    starts: date
    ends: date


Stays = tuple[StayDays, ...]
"""Every stay of one patient, by day."""
Runs = Mapping[str, Run]
"""Cohorts by key."""


def refused(place: str, why: str) -> InvalidFile:
    """Return what to raise for a field."""
    return InvalidFile([Problem(place, why)])


def in_order(stays: Sequence[StayDays]) -> Stays:
    """Return stays by day."""
    return tuple(sorted(stays, key=lambda stay: (stay.first, stay.id)))


def end_of(stay: StayDays, runs: Runs) -> date:
    """Return the last day of a stay."""
    ends = runs[stay.cohort].ends
    return min(stay.last or ends, ends)


def added(stays: Stays, new: StayDays, runs: Runs) -> Stays:
    """Return the stays with another one, within the days of its cohort."""
    run = _run(new.cohort, runs)
    if not run.starts <= new.first <= run.ends:
        raise refused("from", f"the first day lies between {run.starts} and {run.ends}")
    if new.last is not None and not new.first <= new.last <= run.ends:
        raise refused("to", f"the last day lies between {new.first} and {run.ends}")
    return in_order([*stays, new])


def with_days(stays: Stays, stay_id: str, first: date, last: date | None, runs: Runs) -> Stays:
    """Return the stays with one of them on other days."""
    before = stay_named(stays, stay_id)
    run = runs[before.cohort]
    if first != before.first and not run.starts <= first <= run.ends:
        raise refused("from", f"the first day lies between {run.starts} and {run.ends}")
    if last is not None and not first <= last <= run.ends:
        raise refused("to", f"the last day lies between {first} and {run.ends}")
    after = replace(before, first=first, last=last)
    return in_order([after if stay.id == stay_id else stay for stay in stays])


def without(stays: Stays, stay_id: str, today: date) -> Stays:
    """Return the stays without one that has not begun."""
    gone = stay_named(stays, stay_id)
    if gone.first <= today:
        raise refused("stay", f"it began on {gone.first}: change its days, or discharge")
    if len(stays) == 1:
        raise refused("stay", "it is the only stay: change its days, or discharge")
    return tuple(stay for stay in stays if stay.id != stay_id)


def paused(stays: Stays, first: date, until: date, new_id: str, runs: Runs) -> Stays:
    """Return the stays with the days from `first` to `until` (both included) taken out of one,
    which goes on afterwards as a stay of its own.
    """
    if until < first:
        raise refused("until", "the pause ends before it begins")
    whole = _covering(stays, first, runs)
    if until >= end_of(whole, runs):
        said = f"the stay ends on {end_of(whole, runs)}: discharge rather than pause"
        raise refused("until", said)
    afterwards = replace(whole, first=until + DAY)
    rest = [stay for stay in stays if stay.id != whole.id]
    if whole.first == first:
        return in_order([*rest, afterwards])
    before = replace(whole, last=first - DAY)
    again = replace(afterwards, id=new_id, is_current=False)
    return in_order([*rest, before, again])


def moved_on(stays: Stays, cohort: str, first: date, new_id: str, runs: Runs) -> Stays:
    """Return the stays with the one of the day `first` left for another cohort from that day on;
    what would have come later is taken back.
    """
    run = _run(cohort, runs)
    if not run.starts <= first <= run.ends:
        raise refused("from", f"the first day lies between {run.starts} and {run.ends}")
    kept = []
    for stay in stays:
        if stay.first > first:
            continue
        if first <= end_of(stay, runs):
            if stay.cohort == cohort:
                raise refused("cohort", f"they are in {cohort} on that day already")
            stay = replace(stay, last=first - DAY)
        if stay.first < first:
            kept.append(stay)
    new = StayDays(new_id, cohort, first, None)
    return in_order([*kept, new])


def ended(stays: Stays, last: date, runs: Runs) -> Stays:
    """Return the stays with none after the day `last`; the one of that day ends with it."""
    earlier = [stay for stay in stays if stay.first <= last]
    if not earlier:
        final = end_of(stays[0], runs)
        raise refused("to", f"the last day lies between {stays[0].first} and {final}")
    *before, target = earlier
    final = runs[target.cohort].ends
    is_between = len(earlier) < len(stays) and last > end_of(target, runs)
    if last > final and not is_between:
        raise refused("to", f"the last day lies between {stays[0].first} and {final}")
    if not is_between:
        target = replace(target, last=last)
    return (*before, target)


def problems_of(stays: Stays, runs: Runs) -> list[Problem]:
    """Return what a clinic file with these stays would be refused for."""
    found = []
    spans = []
    for stay in stays:
        run = runs[stay.cohort]
        if stay.last is not None and stay.last < stay.first:
            found.append(Problem("to", "the stay ends before it begins"))
        if stay.first > run.ends:
            found.append(Problem("from", f"{stay.cohort} ends on {run.ends} already"))
        if stay.last is not None and stay.last < run.starts:
            found.append(Problem("to", f"{stay.cohort} starts on {run.starts} only"))
        spans.append((max(stay.first, run.starts), end_of(stay, runs), stay))
    spans.sort(key=lambda span: span[:2])
    for (_, over, earlier), (begins, _, _) in pairwise(spans):
        if begins <= over:
            said = f"begins on {begins}, before the stay in {earlier.cohort} is over on {over}"
            found.append(Problem("from", said))
    return found


def with_current(stays: Stays) -> Stays:
    """Return the stays with one of them the current one: where none is, the first."""
    if not stays or any(stay.is_current for stay in stays):
        return stays
    first, *others = stays
    return (replace(first, is_current=True), *others)


def stay_named(stays: Stays, stay_id: str) -> StayDays:
    """Return the stay of this id."""
    for stay in stays:
        if stay.id == stay_id:
            return stay
    raise refused("stay", "there is no such stay of this patient")


def _covering(stays: Stays, day: date, runs: Runs) -> StayDays:
    for stay in stays:
        if stay.first <= day <= end_of(stay, runs):
            return stay
    raise refused("from", f"there is no stay on {day}")


def _run(cohort: str, runs: Runs) -> Run:
    if cohort not in runs:
        raise refused("cohort", f"there is no cohort {cohort}")
    return runs[cohort]
