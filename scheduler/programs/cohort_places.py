"""The places of a cohort that holds only so many, and the days they are taken."""

from dataclasses import dataclass, field
from datetime import date

from scheduler.programs.models import Cohort
from scheduler.programs.stays import stays_in
from scheduler.programs.weeks import last_day

Days = tuple[date, date]


@dataclass(slots=True)
class Places:
    """The places of one cohort and the days they are taken."""

    capacity: int
    waitlist: bool
    ends: date
    taken: list[Days] = field(default_factory=list)
    waiting: int = 0

    def take(self, first: date, last: date | None) -> bool:
        """Take a place for all these days; False when on one of them there is none."""
        days = self.days(first, last)
        if self._most_at_once(days) >= self.capacity:
            return False
        self.taken.append(days)
        return True

    def days(self, first: date, last: date | None) -> Days:
        """Return the days of a stay; `last` None: to the cohort's end."""
        return first, last or self.ends

    def _most_at_once(self, days: Days) -> int:
        """Return how many are here at once on the fullest of these days."""
        first, last = days
        most = self._here_on(first)
        for begin, _ in self.taken:
            if first < begin <= last:
                here = self._here_on(begin)
                most = max(most, here)
        return most

    def _here_on(self, day: date) -> int:
        count = 0
        for begin, end in self.taken:
            if begin <= day <= end:
                count += 1
        return count


def places_of(cohort: Cohort, *, without: str | None = None) -> Places | None:
    """Return the places of a cohort as its stays take them, those of the patient (id) `without`
    left out; None where it holds any number.
    """
    capacity = cohort.program.capacity
    if capacity is None:
        return None
    ends = last_day(cohort.starts, cohort.program.template.weeks)
    places = Places(capacity, cohort.program.waitlist, ends)
    for stay in stays_in([cohort.id]):
        if stay.patient_id == without:
            continue
        if stay.waits is not None:
            places.waiting = max(places.waiting, stay.waits)
            continue
        days = places.days(stay.first, stay.last)
        places.taken.append(days)
    return places
