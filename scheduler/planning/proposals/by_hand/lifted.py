"""A session lifted from its place: what would be broken wherever it is put, asked of the judge that
the move is held to, of no more than the move can touch. Pure.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.planning.problem.plan import Finding, Plan, PlannedSession, in_order
from scheduler.planning.problem.problem import Commitment, Patient, Problem
from scheduler.planning.problem.wall_time import instant
from scheduler.planning.proposals.by_hand.judge_edit import (
    NewFindings,
    new_findings,
    with_who_can_come,
)
from scheduler.planning.rules.bending import about_words
from scheduler.planning.rules.judge import judge
from scheduler.programs import Kind

WEEK = timedelta(days=7)
BESIDE = timedelta(days=2)
"""Days beside a week that zones, buffers and sessions over midnight can reach."""


@dataclass(frozen=True, slots=True)
class _Around:
    """What a move into one week can touch: the problem, the other sessions, and all that is found
    of them before.
    """

    problem: Problem
    others: tuple[PlannedSession, ...]
    before: tuple[Finding, ...]


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
        self.others = [other for other in published if other.key != session.key]
        self.weeks: dict[date, _Around] = {}

    def news_at(self, start: datetime, minutes: int) -> NewFindings:
        """Return what it brings to put the session at `start` (naive wall time of its zone)."""
        monday = monday_before(start.date())
        around = self.weeks.get(monday)
        if around is None:
            around = self._around(monday)
            self.weeks[monday] = around
        put = placed_at(self.session, start, minutes)
        moved = with_who_can_come(around.problem, put)
        after = _judged(around.problem, (*around.others, moved))
        return new_findings(around.before, after)

    def _around(self, monday: date) -> _Around:
        """Return what a move into the week of this Monday can touch."""
        mondays = (monday_before(self.session.day), monday)
        bodies = _bodies(self.problem, self.session)
        others = []
        for other in self.others:
            if self._is_touched(other, bodies, mondays):
                others.append(with_who_can_come(self.problem, other))
        problem = _narrow(self.problem, self.session, others, mondays)
        freed = replace(
            problem,
            accepted=self.freed.accepted,
            made_time=self.freed.made_time,
        )
        stands = with_who_can_come(problem, self.session)
        before = _judged(problem, (*others, stands))
        return _Around(freed, tuple(others), before)

    def _is_touched(
        self, other: PlannedSession, bodies: frozenset[str], mondays: Iterable[date]
    ) -> bool:
        """True if a rule can look at both: they share somebody or a room, within a week; an
        assessment comes before all the rest of a stay.
        """
        is_ours = not bodies.isdisjoint(_bodies(self.problem, other))
        has_room = other.room is not None and other.room == self.session.room
        if not (is_ours or has_room):
            return False
        if Kind.ASSESSMENT in (other.kind, self.session.kind):
            return True
        return any(_is_near(other.day, monday) for monday in mondays)


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


def _is_near(day: date, monday: date) -> bool:
    return monday - BESIDE <= day < monday + WEEK + BESIDE


def _bodies(problem: Problem, session: PlannedSession) -> frozenset[str]:
    """Return every human whom a session can bind: those in it, and the families of its patients."""
    keys = {*session.clinicians, *session.patients, *session.relatives}
    for key in session.patients:
        patient = problem.patient_by_key.get(key)
        if patient is not None:
            keys.update(relative.key for relative in patient.relatives)
    return frozenset(problem.bodies.get(key, key) for key in keys)


def _judged(problem: Problem, sessions: Iterable[PlannedSession]) -> tuple[Finding, ...]:
    """Return what the judge finds and nobody accepted."""
    plan = Plan(problem.cohort, tuple(sorted(sessions, key=in_order)))
    found = judge(problem, plan)
    return tuple(finding for finding in found if about_words(finding) not in problem.accepted)


def _narrow(
    problem: Problem,
    session: PlannedSession,
    others: Sequence[PlannedSession],
    mondays: Iterable[date],
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
    spans = tuple(mondays)
    busy = []
    for entry in problem.busy:
        is_near = any(_is_near(entry.start.date(), monday) for monday in spans)
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
