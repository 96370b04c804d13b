"""What keeps sessions from being held as published, and what can be done about each. Pure
values.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from scheduler.kernel.errors import InputError
from scheduler.people import Absence
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Clinician, Problem

MINUTE = "%Y-%m-%dT%H:%M"
CLOSED = "closed"
"""Why a day is closed of which nobody said why."""


class Instead(StrEnum):
    """What becomes of a session that cannot be held as published."""

    LEAD = "lead"
    """Another one leads it."""
    MOVE = "move"
    CANCEL = "cancel"
    KEEP = "keep"
    """It stays as it is, for a person to look at later."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What is done about one session: who leads it instead (a key), or where it goes (naive wall
    time of its zone).
    """

    instead: Instead
    clinician: str | None = None
    to: datetime | None = None

    @property
    def word(self) -> str:
        """Return the choice as forms and records hold it."""
        if self.instead is Instead.LEAD:
            return f"{self.instead}:{self.clinician}"
        if self.to is not None:
            return f"{self.instead}:{self.to:{MINUTE}}"
        return self.instead.value


CANCEL = Choice(Instead.CANCEL)
KEEP = Choice(Instead.KEEP)


def read_choice(word: str) -> Choice:
    """Return the choice that a form holds. Raises InputError for what is none."""
    name, _, about = word.partition(":")
    if word in (Instead.CANCEL, Instead.KEEP):
        return Choice(Instead(word))
    if name == Instead.LEAD and about:
        return Choice(Instead.LEAD, clinician=about)
    to = _wall_time(about) if name == Instead.MOVE else None
    if to is None:
        raise InputError(f"{word[:80]} is nothing that can be done about a session")
    return Choice(Instead.MOVE, to=to)


def _wall_time(typed: str) -> datetime | None:
    """Return a time without a zone, None for what is none."""
    try:
        to = datetime.fromisoformat(typed)
    except ValueError:
        return None
    return to if to.tzinfo is None else None


@dataclass(frozen=True, slots=True)
class Disruption:
    """Days, both included, on which a clinician (key) holds nothing; with None nobody does: the
    house is closed, `why`.
    """

    first: date
    last: date
    clinician: str | None = None
    why: str = ""

    def holds_on(self, day: date) -> bool:
        """True if `day` is one of the days."""
        return self.first <= day <= self.last

    def concerns(self, session: PlannedSession) -> bool:
        """True if a session cannot be held as it is."""
        is_theirs = self.clinician is None or self.clinician in session.clinicians
        return is_theirs and self.holds_on(session.day)

    def fallen_on(self, problem: Problem) -> Problem:
        """Return a cohort as it is once this is known."""
        if self.clinician is None:
            closed = self._closed_too(problem.closed)
            return replace(problem, closed=closed)
        clinicians = [self._away(clinician) for clinician in problem.clinicians]
        return replace(problem, clinicians=tuple(clinicians))

    def _closed_too(self, known: Mapping[date, str]) -> dict[date, str]:
        closed = dict(known)
        day = self.first
        while day <= self.last:
            closed.setdefault(day, self.why or CLOSED)
            day += timedelta(days=1)
        return closed

    def _away(self, clinician: Clinician) -> Clinician:
        if clinician.key != self.clinician:
            return clinician
        absence = Absence(self.first, self.last)
        away = (*clinician.away, absence)
        return replace(clinician, away=away)
