"""The places of a cohort that holds only so many, and the days they are taken."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date

from scheduler.programs.models import Cohort
from scheduler.programs.stays import stays_in
from scheduler.programs.weeks import last_day

Days = tuple[date, date]


@dataclass(slots=True)
class Places:
    """The places of one cohort, the days they are taken, and the days that those in line want."""

    capacity: int
    waitlist: bool
    ends: date
    taken: list[Days] = field(default_factory=list)
    wanted: list[Days] = field(default_factory=list)
    waiting: int = 0

    def take(self, first: date, last: date | None) -> bool:
        """Take a place for all these days; False when on one of them there is none."""
        days = self.days(first, last)
        if _most_at_once(days, self.taken) >= self.capacity:
            return False
        self.taken.append(days)
        return True

    def is_free_behind_the_line(self, first: date, last: date | None) -> bool:
        """True if a place is left on all these days once everybody in line has one."""
        days = self.days(first, last)
        return _most_at_once(days, self.taken + self.wanted) < self.capacity

    def left_from(self, first: date) -> int:
        """Return how many places are left from a day to the end, once everybody in line has one."""
        days = self.days(first, None)
        return self.capacity - _most_at_once(days, self.taken + self.wanted)

    def days(self, first: date, last: date | None) -> Days:
        """Return the days of a stay; `last` None: to the cohort's end."""
        return first, last or self.ends


def _most_at_once(days: Days, taken: Sequence[Days]) -> int:
    """Return how many are here at once on the fullest of these days."""
    first, last = days
    most = _here_on(first, taken)
    for begin, _ in taken:
        if first < begin <= last:
            here = _here_on(begin, taken)
            most = max(most, here)
    return most


def _here_on(day: date, taken: Sequence[Days]) -> int:
    count = 0
    for begin, end in taken:
        if begin <= day <= end:
            count += 1
    return count


def places_of(cohort: Cohort, *, without: str | None = None) -> Places | None:
    """Return the places of a cohort as its stays take them, those of the patient (id) `without`
    left out; None where it holds any number.
    """
    return places_by_cohort([cohort], without=without).get(cohort.id)


def places_by_cohort(
    cohorts: Collection[Cohort], *, without: str | None = None
) -> dict[str, Places]:
    """Return the same of several cohorts by their ids, of those that hold only so many."""
    found: dict[str, Places] = {}
    for cohort in cohorts:
        program = cohort.program
        if program.capacity is not None:
            ends = last_day(cohort.starts, program.template.weeks)
            found[cohort.id] = Places(program.capacity, program.waitlist, ends)
    if not found:
        return {}
    for stay in stays_in(found):
        if stay.patient_id == without:
            continue
        places = found[stay.cohort_id]
        days = places.days(stay.first, stay.last)
        if stay.waits is None:
            places.taken.append(days)
        else:
            places.waiting = max(places.waiting, stay.waits)
            places.wanted.append(days)
    return found
