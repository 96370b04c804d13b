"""A week that is short and the sessions that would make up for it, in words. Pure values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from scheduler.planning.problem.plan import DroppedSlot
from scheduler.planning.problem.time_phrases import clock_words, listed, short_day
from scheduler.planning.problem.wall_time import clock
from scheduler.planning.rules.week_hours import WeekHours
from scheduler.programs import Kind, said_kind

NO_TIME = "no time in that week at which all rules hold"


@dataclass(frozen=True, slots=True)
class Offer:
    """A place for a make-up session: `at` is minutes after midnight, wall time of the cohort's
    zone.
    """

    kind: Kind
    clinician: str
    day: date
    at: int
    minutes: int

    @property
    def words(self) -> str:
        """The place as people say it."""
        day = short_day(self.day)
        clock_time = clock_words(self.at)
        kind = said_kind(self.kind)
        return f"{day} {clock_time} {kind} with {self.clinician}, {self.minutes} minutes"

    @property
    def clock(self) -> str:
        """`HH:MM`, wall time of the cohort's zone."""
        return clock(self.at)

    @property
    def local_start(self) -> str:
        """`YYYY-MM-DDTHH:MM`, wall time of the cohort's zone."""
        return f"{self.day.isoformat()}T{self.clock}"


@dataclass(frozen=True, slots=True)
class MakeUp:
    """A patient's week that is short, what the program itself cancelled in it, and the offers that
    repair it.
    """

    had: WeekHours
    cancelled: tuple[DroppedSlot, ...]
    """Never counts against the patient."""
    offers: tuple[Offer, ...]
    after: float
    """The hours of the week with all offers."""

    @property
    def words(self) -> str:
        """One sentence: the shortfall and what would repair it."""
        said = f"{self.had.patient} week {self.had.week}, {self.had.words}"
        if not self.offers:
            return f"{said}: {NO_TIME}"
        offers = [offer.words for offer in self.offers]
        places = "; ".join(offers)
        after = round(self.after, 2)
        result = f"makes {after:g} hours"
        short = self.had.least - self.after
        lacking = round(max(short, 0), 2)
        if lacking:
            result += f", still {lacking:g} short"
        return f"{said}: {places}: {result}"


def cancelled_words(dropped: Iterable[DroppedSlot]) -> str:
    """Say what the program itself cancelled, and why: it never counts against a patient."""
    by_day: dict[tuple[date, str], list[str]] = {}
    for slot in dropped:
        about = (slot.day, slot.reason)
        titles = by_day.setdefault(about, [])
        titles.append(slot.title)
    said = []
    for about, titles in by_day.items():
        day, reason = about
        what = listed(titles)
        when = short_day(day)
        said.append(f"{what} on {when} ({reason})")
    return listed(said)
