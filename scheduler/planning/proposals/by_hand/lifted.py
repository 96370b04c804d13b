"""A session lifted from its place: what would be broken wherever it is put, asked of the judge that
the move is held to, of no more than the move can touch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.planning.problem.plan import Finding, PlannedSession
from scheduler.planning.problem.problem import Commitment, Patient, Problem
from scheduler.planning.problem.wall_time import instant
from scheduler.planning.proposals.by_hand.judge_edit import (
    NewFindings,
    new_findings,
    with_who_can_come,
)
from scheduler.planning.rules.bending import about_words
from scheduler.planning.rules.judge import judge_one
from scheduler.programs import Kind

WEEK = timedelta(days=7)
BESIDE = timedelta(days=1)
"""How far beside a day buffers and sessions over midnight reach."""
ZONES_APART = timedelta(days=1)
"""How far the day of an instant is from the day that clocks show."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What a move to one day can touch: the problem, the others near it, those of the weeks it
    counts in, and what is broken of all that before.
    """

    problem: Problem
    near: tuple[PlannedSession, ...]
    weeks: tuple[PlannedSession, ...]
    before: tuple[Finding, ...]

    def judged(self, session: PlannedSession) -> tuple[Finding, ...]:
        """Return what is found with the session at a place."""
        found = judge_one(self.problem, session, self.near, self.weeks)
        accepted = self.problem.accepted
        return tuple(finding for finding in found if about_words(finding) not in accepted)


class Lifted:
    """A session of a cohort that is lifted, and what stays around it."""

    def __init__(
        self,
        problem: Problem,
        published: Sequence[PlannedSession],
        session: PlannedSession,
        *,
        freed: Problem,
    ) -> None:
        """Lift `session` out of what is `published`, none of it asked yet who can come. `freed` is
        the problem without what a person accepted of the session where it stands.
        """
        self.problem = problem
        self.session = session
        self.freed = freed
        self.others = self._touched(published)
        self.days: dict[date, _Around] = {}

    def news_at(self, start: datetime, minutes: int) -> NewFindings:
        """Return what it brings to put the session at `start` (naive wall time of its zone)."""
        day = start.date()
        around = self.days.get(day)
        if around is None:
            around = self._around(day)
            self.days[day] = around
        put = placed_at(self.session, start, minutes)
        moved = with_who_can_come(around.problem, put)
        return new_findings(around.before, around.judged(moved))

    def _touched(self, published: Iterable[PlannedSession]) -> list[PlannedSession]:
        """Return the other sessions that a rule can look at together with it: they share somebody
        or a room.
        """
        bodies = _bodies(self.problem, self.session)
        found = []
        for other in published:
            has_room = other.room is not None and other.room == self.session.room
            is_ours = not bodies.isdisjoint(_bodies(self.problem, other))
            if other.key != self.session.key and (has_room or is_ours):
                found.append(with_who_can_come(self.problem, other))
        return found

    def _around(self, day: date) -> _Around:
        """Return what a move to this day can touch. An assessment comes before all the rest of a
        stay.
        """
        session = self.session
        near = []
        weeks = []
        for other in self.others:
            is_first = Kind.ASSESSMENT in (other.kind, session.kind)
            if is_first or _is_beside(other.day, day) or _is_beside(other.day, session.day):
                near.append(other)
            if _counts(other, session) and _is_same_week(other.day, (day, session.day)):
                weeks.append(other)
        problem = _narrow(self.problem, session, near, (day, session.day))
        around = _Around(problem, tuple(near), tuple(weeks), ())
        stands = with_who_can_come(problem, session)
        freed = replace(
            problem,
            accepted=self.freed.accepted,
            made_time=self.freed.made_time,
        )
        return replace(around, problem=freed, before=around.judged(stands))


def monday_before(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def placed_at(session: PlannedSession, start: datetime, minutes: int) -> PlannedSession:
    """Return a session at another place: `start` is naive wall time of its zone."""
    at = start.hour * 60 + start.minute
    begin = instant(start.date(), at, session.zone)
    return replace(
        session,
        day=start.date(),
        at=at,
        minutes=minutes,
        start=begin,
        end=begin + timedelta(minutes=minutes),
    )


def _is_beside(day: date, other: date, reach: timedelta = BESIDE) -> bool:
    return abs(day - other) <= reach


def _is_same_week(day: date, days: Iterable[date]) -> bool:
    return any(monday_before(day) == monday_before(other) for other in days)


def _counts(other: PlannedSession, session: PlannedSession) -> bool:
    """True if a patient of both sits in the other."""
    return not set(other.seated).isdisjoint(session.patients)


def _bodies(problem: Problem, session: PlannedSession) -> frozenset[str]:
    """Return every human whom a session can bind: those in it, and the families of its patients."""
    keys = {*session.clinicians, *session.patients, *session.relatives}
    for key in session.patients:
        patient = problem.patient_by_key.get(key)
        if patient is not None:
            keys.update(relative.key for relative in patient.relatives)
    return frozenset(problem.bodies.get(key, key) for key in keys)


def _narrow(
    problem: Problem,
    session: PlannedSession,
    others: Sequence[PlannedSession],
    days: Iterable[date],
) -> Problem:
    """Return a problem of no one but those concerned. What the program wants of its own timetable
    is left out: it is in nobody's way when a person moves a session.
    """
    keys = set(session.people)
    rooms = {session.room}
    for other in (session, *others):
        keys.update(other.people, other.patients)
        rooms.add(other.room)
    patients = []
    for patient in problem.patients:
        if not keys.isdisjoint(_family_of(patient)):
            patients.append(replace(patient, appointments=(), authorisations=()))
    for patient in patients:
        keys.update(_family_of(patient))
    seen = tuple(days)
    busy = []
    for entry in problem.busy:
        is_near = any(_is_beside(entry.start.date(), day, BESIDE + ZONES_APART) for day in seen)
        if is_near and _concerns(problem, entry, keys, rooms):
            busy.append(entry)
    return replace(
        problem,
        template=replace(problem.template, slots=(), appointments=()),
        patients=tuple(patients),
        busy=tuple(busy),
        published=(session, *others),
        alongside=(),
    )


def _family_of(patient: Patient) -> set[str]:
    return {patient.key, *(relative.key for relative in patient.relatives)}


def _concerns(problem: Problem, entry: Commitment, keys: set[str], rooms: set[str | None]) -> bool:
    """True if something outside the cohort binds one of these people, by any of their rows, or
    takes one of the rooms.
    """
    if entry.room is not None and entry.room in rooms:
        return True
    if not keys.isdisjoint(entry.people):
        return True
    bodies = {problem.bodies.get(key, key) for key in keys}
    return not bodies.isdisjoint(problem.bodies.get(key, key) for key in entry.people)
