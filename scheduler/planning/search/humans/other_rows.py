"""Where one row of a human is, all rows are: whom a session takes beside its patient and clinician.
Pure.
"""

from collections.abc import Mapping

from scheduler.planning.problem.minute_sets import (
    ALL,
    MinuteOfWeek,
    MinuteSet,
    WeekNumber,
    starts_within,
)
from scheduler.planning.search.domains import Domain, Guest

PersonWeek = tuple[str, WeekNumber]
Taken = Mapping[PersonWeek, MinuteSet]


class OtherRows:
    """The rows (keys) of everybody who has several, and what follows for a board."""

    def __init__(self, selves: Mapping[str, tuple[str, ...]]) -> None:
        self.selves = selves

    def of(self, person: str) -> tuple[str, ...]:
        """Return all rows of the human behind one."""
        return self.selves.get(
            person,
            (person,),
        )

    def taken_by(self, demand: Domain, week: WeekNumber, start: MinuteOfWeek) -> list[PersonWeek]:
        """Return for whom, beside patient and clinician, a demand takes the time: other rows of
        these two, and all of the relatives who come and have several.
        """
        if not self.selves:
            return []
        people = [*self.of(demand.patient), *self.of(demand.clinician)]
        for guest in demand.guests:
            if guest.could_start(
                week,
                start,
            ):
                people += self.of(guest.key)
        own = (demand.patient, demand.clinician)
        return [(person, week) for person in dict.fromkeys(people) if person not in own]

    def free_for(
        self,
        demand: Domain,
        guest: Guest,
        week: WeekNumber,
        boards: tuple[Taken, Taken],
    ) -> MinuteSet:
        """Return the starts at which a relative with other rows is in no other session, or could
        not come anyway; `boards` are what is taken and, of clinicians, kept.
        """
        busy = 0
        for own in self.of(guest.key):
            for taken in boards:
                busy |= taken.get(
                    (own, week),
                    0,
                )
        could = guest.starts.get(
            week,
            0,
        )
        return starts_within(
            ~busy & ALL,
            demand.minutes,
        ) | (ALL & ~could)
