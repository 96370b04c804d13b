"""What to do about each session that cannot be held as published, so that least changes for those
who come. Pure.

A group keeps its time under another leader; where nobody could, it is cancelled. An appointment
moves to its own clinician's next free hour of that week; else a colleague leads it whom the patient
knows; else it moves farther, then anybody leads it, then it is cancelled.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from scheduler.planning.explain.disruptions.disruption import CANCEL, Choice, Disruption, Instead
from scheduler.planning.explain.disruptions.stand_ins import StandIn, stand_ins
from scheduler.planning.explain.places.nearest_places import Wish, nearest_places
from scheduler.planning.problem.plan import Plan, PlannedSession
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.problem.wall_time import instant


@dataclass(frozen=True, slots=True)
class DisruptedSession:
    """A session that cannot be held as published: who could lead it, where it could be (naive wall
    time of its zone), and what is proposed.
    """

    cohort: str
    session: PlannedSession
    stand_ins: tuple[StandIn, ...]
    places: tuple[datetime, ...]
    proposed: Choice


class Proposing:
    """Proposes for one cohort after the other, so that nobody is counted on twice."""

    def __init__(self, disruption: Disruption, *, most_moved: int) -> None:
        """Look for other places for at most `most_moved` sessions: each is judged many times."""
        self.disruption = disruption
        self.left = most_moved
        self.already: Counter[str] = Counter()
        self.taken: list[Commitment] = []

    def lines_of(self, problem: Problem, standing: Plan) -> tuple[DisruptedSession, ...]:
        """Return a line for each session of a cohort that is ahead and cannot be held."""
        known = self.disruption.fallen_on(problem)
        busy = (*known.busy, *self.taken)
        trial = replace(known, busy=busy)
        sessions = {session.key: session for session in standing.sessions}
        concerned = self._concerned(problem, standing.sessions)
        concerned.sort(key=_groups_first)
        lines = []
        for session in concerned:
            around = tuple(sessions.values())
            line = self._line(trial, around, session)
            lines.append(line)
            del sessions[session.key]
            changed = changed_by(line.proposed, session, leaves=self.disruption.clinician)
            if changed is None:
                continue
            sessions[session.key] = changed
            self._take(changed)
        return tuple(lines)

    def _concerned(
        self, problem: Problem, sessions: Iterable[PlannedSession]
    ) -> list[PlannedSession]:
        found = []
        for session in sessions:
            is_ahead = problem.now is None or session.start > problem.now
            if is_ahead and self.disruption.concerns(session):
                found.append(session)
        return found

    def _line(
        self,
        problem: Problem,
        sessions: tuple[PlannedSession, ...],
        session: PlannedSession,
    ) -> DisruptedSession:
        who: tuple[StandIn, ...] = ()
        if self.disruption.clinician is not None:
            who = stand_ins(problem, sessions, session, already=self.already)
        places: tuple[datetime, ...] = ()
        if self.left > 0:
            self.left -= 1
            places = _places(problem, sessions, session)
        proposed = least_disturbing(session, who, places)
        return DisruptedSession(
            problem.cohort,
            session,
            who,
            places,
            proposed,
        )

    def _take(self, session: PlannedSession) -> None:
        """Count on whoever is in a session as it is proposed, in the cohorts that follow, too."""
        self.already.update(session.clinicians)
        entry = Commitment(
            session.start,
            session.end,
            session.people,
            session.room,
            about=session.key,
        )
        self.taken.append(entry)


def least_disturbing(
    session: PlannedSession, who: Sequence[StandIn], places: Sequence[datetime]
) -> Choice:
    """Return what disturbs least, of what can be done about a session."""
    leads = [Choice(Instead.LEAD, clinician=each.key) for each in who]
    if session.fixed:
        return leads[0] if leads else CANCEL
    for place in places:
        if _monday(place.date()) == _monday(session.day):
            return Choice(Instead.MOVE, to=place)
    if who and who[0].knows:
        return leads[0]
    if places:
        return Choice(Instead.MOVE, to=places[0])
    return leads[0] if leads else CANCEL


def changed_by(
    choice: Choice, session: PlannedSession, *, leaves: str | None
) -> PlannedSession | None:
    """Return a session as a choice leaves it, led by another than `leaves` (key); None when it is
    cancelled.
    """
    if choice.instead is Instead.CANCEL:
        return None
    if choice.clinician is not None:
        leads = []
        for key in session.clinicians:
            leads.append(choice.clinician if key == leaves else key)
        return replace(session, clinicians=tuple(leads))
    if choice.to is None:
        return session
    at = choice.to.hour * 60 + choice.to.minute
    start = instant(choice.to.date(), at, session.zone)
    return replace(
        session,
        day=choice.to.date(),
        at=at,
        start=start,
        end=start + timedelta(minutes=session.minutes),
    )


def _places(
    problem: Problem, sessions: tuple[PlannedSession, ...], session: PlannedSession
) -> tuple[datetime, ...]:
    """Return where a session could be instead, on other days first."""
    hours, minutes = divmod(session.at, 60)
    stands_at = datetime.combine(session.day, time(hours, minutes))
    wish = Wish((session.key,), stands_at, other_days=True)
    return nearest_places(problem, Plan(problem.cohort, sessions), wish)


def _groups_first(session: PlannedSession) -> tuple[bool, datetime, str]:
    """Groups choose first who stands in."""
    return not session.fixed, session.start, session.key


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
