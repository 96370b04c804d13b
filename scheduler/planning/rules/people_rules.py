"""Checks of who is where: nobody in two places, buffers, hours, absences, licences, free time.
Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.problem.time_phrases import clock_words, short_day
from scheduler.planning.problem.wall_time import is_covered


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch in which a person or room is taken; `session` None: by something outside the
    cohort.
    """

    start: datetime
    end: datetime
    about: str
    session: PlannedSession | None

    @property
    def was_placed(self) -> bool:
        """True if it is an appointment of the cohort."""
        return self.session is not None and not self.session.fixed

    @property
    def is_fixed(self) -> bool:
        """True if it is a fixed slot of the cohort."""
        return self.session is not None and self.session.fixed


def by_time(use: Use) -> tuple[datetime, datetime, str]:
    """Return what sorts uses by time, then by what they are."""
    return use.start, use.end, use.about


def use_of(session: PlannedSession) -> Use:
    """Return the stretch that a session of the cohort takes."""
    return Use(
        session.start,
        session.end,
        session.key,
        session,
    )


def use_outside(busy: Commitment) -> Use:
    """Return the stretch that something outside the cohort takes."""
    return Use(
        busy.start,
        busy.end,
        busy.about or "another commitment",
        None,
    )


def people(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return what is wrong about where people are."""
    sessions = tuple(sessions)
    yield from twice(problem, sessions)
    for session in sessions:
        yield from alone(problem, session)


def alone(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    """Return what is wrong about where the people of one session are, whatever else there is."""
    if session.fixed:
        yield from _substitutes(problem, session)
    else:
        yield from _clinician_can(problem, session)
        yield from _patient_is_free(problem, session)
    yield from _licensed(problem, session)


def when(session: PlannedSession) -> str:
    """Name a session's day and hour for people: Tue 9 March 17:00."""
    return f"{short_day(session.day)} {clock_words(session.at)}"


def twice(problem: Problem, sessions: tuple[PlannedSession, ...]) -> Iterator[Finding]:
    """Put nobody in two places; keep a clinician's buffer after each session, save between fixed
    slots of one cohort.
    """
    uses = _uses(problem, sessions)
    for person, taken in sorted(uses.items()):
        clinician = problem.clinician_by_key.get(person)
        minutes = clinician.buffer if clinician else 0
        buffer = timedelta(minutes=minutes)
        ordered = sorted(taken, key=by_time)
        for number, use in enumerate(ordered):
            for later in ordered[number + 1 :]:
                if later.start >= use.end + buffer:
                    break
                yield from _too_close(person, use, later)


def _uses(problem: Problem, sessions: Iterable[PlannedSession]) -> dict[str, list[Use]]:
    """Return when everybody is taken by their own row; where by another, the rule of one human
    asks.
    """
    uses: dict[str, list[Use]] = defaultdict(list)
    for session in sessions:
        for person in session.people:
            uses[person].append(use_of(session))
    known = set(uses)
    for busy in problem.busy:
        if busy.of_selves:
            continue
        for person in known.intersection(busy.people):
            uses[person].append(use_outside(busy))
    return uses


def _too_close(person: str, use: Use, later: Use) -> Iterator[Finding]:
    session = later.session or use.session
    if session is None:
        return
    both_fixed = use.is_fixed and later.is_fixed
    if later.start < use.end:
        rule = Rule.PERSON_TWICE
        words = "is in two places"
    elif both_fixed:
        return
    else:
        rule = Rule.BUFFER
        words = "has too little time between"
    said = f"{person} {words}: {use.about} and {later.about}"
    hard = both_fixed or use.was_placed or later.was_placed
    if not hard:
        rule = Rule.SUBSTITUTE
        said += "; a substitute is needed"
    yield Finding(
        rule=rule,
        sentence=said,
        hard=hard,
        session=session.key,
        week=session.week,
    )


def _substitutes(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    """A fixed slot stands, but its leader away or outside their hours needs a substitute."""
    for key in session.clinicians:
        clinician = problem.clinician_by_key[key]
        if clinician.is_away(session.day):
            why = "is away"
        elif not is_covered(
            clinician.hours,
            clinician.zone,
            session.start,
            session.end,
        ):
            why = "is outside their hours"
        else:
            continue
        sentence = f"{session.title} on {when(session)}: {key} {why}; a substitute is needed"
        yield finding_of(
            session,
            Rule.SUBSTITUTE,
            sentence,
            hard=False,
        )


def _clinician_can(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    for key in session.clinicians:
        clinician = problem.clinician_by_key[key]
        if clinician.is_away(session.day):
            yield finding_of(
                session, Rule.CLINICIAN_AWAY, f"{key} is away on {when(session)} ({session.key})"
            )
        elif not is_covered(
            clinician.hours,
            clinician.zone,
            session.start,
            session.end,
        ):
            yield finding_of(
                session,
                Rule.CLINICIAN_HOURS,
                f"{key} does not work at {when(session)} ({session.key})",
            )


def _patient_is_free(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    for key in session.seated:
        patient = problem.patient_by_key[key]
        if not is_covered(
            patient.free,
            patient.zone,
            session.start,
            session.end,
        ):
            sentence = f"{key} is not free at {when(session)} ({session.key})"
            yield finding_of(
                session,
                Rule.PATIENT_FREE,
                sentence,
                patient=key,
            )


def _licensed(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    """A licence, on that day, for the state of every patient seated; a fixed slot needs a
    substitute otherwise.
    """
    states = sorted({problem.patient_by_key[key].state for key in session.seated})
    for key in session.clinicians:
        lacking = [
            state
            for state in states
            if not problem.clinician_by_key[key].is_licensed(state, session.day)
        ]
        if lacking:
            rule = Rule.SUBSTITUTE if session.fixed else Rule.LICENCE
            sentence = (
                f"{key} holds no {' or '.join(lacking)} licence on {when(session)} ({session.key})"
            )
            needed = "; a substitute is needed" if session.fixed else ""
            yield finding_of(
                session,
                rule,
                sentence + needed,
                hard=not session.fixed,
            )


def finding_of(
    session: PlannedSession,
    rule: Rule,
    sentence: str,
    *,
    hard: bool = True,
    patient: str | None = None,
) -> Finding:
    """Return a finding about one session."""
    return Finding(
        rule,
        sentence,
        hard=hard,
        session=session.key,
        patient=patient,
        week=session.week,
    )
