"""Checks of who is where: nobody and no room in two places, buffers, hours, absences, licences,
free time. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import clock, is_covered


@dataclass(frozen=True, slots=True)
class _Use:
    """A stretch in which a person or room is taken; `session` None: by something outside the
    cohort.
    """

    start: datetime
    end: datetime
    about: str
    session: PlannedSession | None

    @property
    def was_placed(self) -> bool:
        return self.session is not None and not self.session.fixed


def people(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return what is wrong about where people and rooms are."""
    sessions = tuple(sessions)
    yield from _twice(problem, sessions)
    yield from _rooms(problem, sessions)
    for session in sessions:
        if session.fixed:
            yield from _substitutes(problem, session)
        else:
            yield from _clinician_can(problem, session)
            yield from _patient_is_free(problem, session)
        yield from _licensed(problem, session)


def when(session: PlannedSession) -> str:
    """Name a session's day and hour for people: Tue 9 March 17:00."""
    return f"{session.day:%a} {session.day.day} {session.day:%B} {clock(session.at)}"


def _twice(problem: Problem, sessions: tuple[PlannedSession, ...]) -> Iterator[Finding]:
    """Nobody in two places; a clinician's buffer after each session, save between fixed slots of
    one cohort.
    """
    uses: dict[str, list[_Use]] = defaultdict(list)
    for session in sessions:
        for person in session.people:
            uses[person].append(_Use(session.start, session.end, session.key, session))
    known = set(uses)
    for busy in problem.busy:
        for person in known.intersection(busy.people):
            uses[person].append(
                _Use(busy.start, busy.end, busy.about or "another commitment", None)
            )
    for person, taken in sorted(uses.items()):
        clinician = problem.clinician_by_key.get(person)
        buffer = timedelta(minutes=clinician.buffer if clinician else 0)
        ordered = sorted(taken, key=lambda use: (use.start, use.end, use.about))
        for number, use in enumerate(ordered):
            for other in ordered[number + 1 :]:
                if other.start >= use.end + buffer:
                    break
                yield from _too_close(person, use, other)


def _too_close(person: str, use: _Use, other: _Use) -> Iterator[Finding]:
    if use.session is None and other.session is None:
        return
    overlap = other.start < use.end
    both_fixed = all(one.session is not None and one.session.fixed for one in (use, other))
    if both_fixed and not overlap:
        return
    hard = both_fixed or use.was_placed or other.was_placed
    rule = Rule.PERSON_TWICE if overlap else Rule.BUFFER
    words = "is in two places" if overlap else "has too little time between"
    session = other.session or use.session
    yield Finding(
        rule=rule if hard else Rule.SUBSTITUTE,
        sentence=f"{person} {words}: {use.about} and {other.about}"
        + ("" if hard else "; a substitute is needed"),
        hard=hard,
        session=session.key if session else None,
        week=session.week if session else None,
    )


def _rooms(problem: Problem, sessions: tuple[PlannedSession, ...]) -> Iterator[Finding]:
    """Each session has a room of its own when rooms are listed."""
    if not problem.rooms:
        return
    uses: dict[str, list[_Use]] = defaultdict(list)
    for session in sessions:
        if session.room is None:
            yield _of(session, Rule.ROOM_OWN, f"{session.key} on {when(session)} has no room")
        elif session.room not in problem.rooms:
            yield _of(session, Rule.ROOM_OWN, f"{session.key}: there is no room {session.room}")
        else:
            uses[session.room].append(_Use(session.start, session.end, session.key, session))
    for busy in problem.busy:
        if busy.room in uses:
            uses[busy.room].append(
                _Use(busy.start, busy.end, busy.about or "another commitment", None)
            )
    for room, taken in sorted(uses.items()):
        ordered = sorted(taken, key=lambda use: (use.start, use.end, use.about))
        for use, other in pairwise(ordered):
            met = other.session or use.session
            if other.start < use.end and met is not None:
                yield _of(
                    met, Rule.ROOM_TWICE, f"{room} holds {use.about} and {other.about} at once"
                )


def _substitutes(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    """A fixed slot stands, but its leader away or outside their hours needs a substitute."""
    for key in session.clinicians:
        clinician = problem.clinician_by_key[key]
        if clinician.is_away(session.day):
            why = "is away"
        elif not is_covered(clinician.hours, clinician.zone, session.start, session.end):
            why = "is outside their hours"
        else:
            continue
        sentence = f"{session.title} on {when(session)}: {key} {why}; a substitute is needed"
        yield _of(session, Rule.SUBSTITUTE, sentence, hard=False)


def _clinician_can(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    for key in session.clinicians:
        clinician = problem.clinician_by_key[key]
        if clinician.is_away(session.day):
            yield _of(
                session, Rule.CLINICIAN_AWAY, f"{key} is away on {when(session)} ({session.key})"
            )
        elif not is_covered(clinician.hours, clinician.zone, session.start, session.end):
            yield _of(
                session,
                Rule.CLINICIAN_HOURS,
                f"{key} does not work at {when(session)} ({session.key})",
            )


def _patient_is_free(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    for key in session.seated:
        patient = problem.patient_by_key[key]
        if not is_covered(patient.free, patient.zone, session.start, session.end):
            sentence = f"{key} is not free at {when(session)} ({session.key})"
            yield _of(session, Rule.PATIENT_FREE, sentence, patient=key)


def _licensed(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    """A licence, on that day, for the state of every patient seated; a fixed slot needs a
    substitute otherwise.
    """
    states = sorted({problem.patient_by_key[key].state for key in session.seated})
    for key in session.clinicians:
        lacking = [
            one for one in states if not problem.clinician_by_key[key].is_licensed(one, session.day)
        ]
        if lacking:
            rule = Rule.SUBSTITUTE if session.fixed else Rule.LICENCE
            sentence = (
                f"{key} holds no {' or '.join(lacking)} licence on {when(session)} ({session.key})"
            )
            needed = "; a substitute is needed" if session.fixed else ""
            yield _of(session, rule, sentence + needed, hard=not session.fixed)


def _of(
    session: PlannedSession,
    rule: Rule,
    sentence: str,
    *,
    hard: bool = True,
    patient: str | None = None,
) -> Finding:
    return Finding(
        rule, sentence, hard=hard, session=session.key, patient=patient, week=session.week
    )
