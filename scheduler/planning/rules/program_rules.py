"""Checks of the program's frame: stay, closed days, order, group size, cadence, start grid, clock
changes. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from scheduler.planning.problem.due_appointments import due_appointments
from scheduler.planning.problem.plan import Finding, Plan, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import instant, is_certain
from scheduler.planning.rules.people_rules import when
from scheduler.programs import Kind, week_of


def program(problem: Problem, plan: Plan) -> Iterator[Finding]:
    """Return what breaks the program's frame."""
    for session in plan.sessions:
        if problem.is_past(session.start):
            yield _of(
                session, Rule.PAST, f"{session.key} would begin on {when(session)}, which is past"
            )
        yield from _stay(problem, session)
        yield from _day_and_hour(problem, session)
        yield from _cap(problem, session)
    yield from _assessment_first(plan.sessions)
    yield from _cadence(problem, plan)


def _stay(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    for key in session.patients:
        if not problem.patient_by_key[key].is_here(session.day):
            sentence = f"{session.key} on {when(session)} lies outside the stay of {key}"
            yield _of(session, Rule.STAY, sentence, key)


def _day_and_hour(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    if session.day in problem.closed:
        sentence = f"{session.key}: closed on {when(session)} ({problem.closed[session.day]})"
        yield _of(session, Rule.CLOSED, sentence)
    if not is_certain(session.day, session.at, session.zone):
        yield _of(session, Rule.WALL_TIME, f"{session.key}: clocks skip or double {when(session)}")
    elif session.start != instant(session.day, session.at, session.zone):
        yield _of(session, Rule.WALL_TIME, f"{session.key}: its instant is not {when(session)}")
    if session.end - session.start != timedelta(minutes=session.minutes):
        yield _of(
            session, Rule.WALL_TIME, f"{session.key} does not last its {session.minutes} minutes"
        )
    if not session.fixed and session.at % problem.template.rules.start_every:
        every = problem.template.rules.start_every
        yield _of(
            session,
            Rule.START_GRID,
            f"{session.key} starts at {when(session)}, not on the {every} minutes",
        )


def _cap(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    cap = problem.template.rules.group_cap
    if session.fixed and cap is not None and len(session.seated) > cap:
        sentence = (
            f"{session.title} on {when(session)} seats {len(session.seated)}, more than {cap}"
        )
        yield Finding(
            Rule.GROUP_CAP,
            sentence,
            session=session.key,
            week=session.week,
            figure=len(session.seated),
        )


def _assessment_first(sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """A patient's first assessment ends before any other session of theirs begins."""
    ordered = sorted(sessions, key=lambda session: (session.start, session.key))
    first: dict[str, PlannedSession] = {}
    for session in ordered:
        if session.kind is Kind.ASSESSMENT:
            for key in session.seated:
                first.setdefault(key, session)
    for session in ordered:
        for key in session.seated:
            assessment = first.get(key)
            if assessment and session is not assessment and session.start < assessment.end:
                sentence = f"{session.key} on {when(session)} comes before the assessment of {key}"
                yield _of(session, Rule.ASSESSMENT_FIRST, sentence, key)


def _cadence(problem: Problem, plan: Plan) -> Iterator[Finding]:
    """Each due appointment once, in its weeks, with its minutes and clinician, or accounted for."""
    due = {one.key: one for one in due_appointments(problem)[0]}
    counted = Counter(session.key for session in plan.placed)
    accounted = {one.key for one in plan.unplaced}
    for session in plan.placed:
        one = due.get(session.key)
        if one is None:
            yield _of(session, Rule.CADENCE, f"{session.key} on {when(session)} is not due")
            continue
        week = week_of(problem.starts, session.day)
        if not one.weeks[0] <= week <= one.weeks[1] or session.week != week:
            yield _of(
                session, Rule.CADENCE, f"{session.key} on {when(session)} is not in its weeks"
            )
        if session.minutes != one.appointment.minutes:
            yield _of(session, Rule.CADENCE, f"{session.key} lasts {session.minutes} minutes")
        if session.clinicians != (one.clinician,):
            yield _of(session, Rule.CLINICIAN_OWN, f"{session.key} is not held by {one.clinician}")
    for key, one in due.items():
        if counted[key] > 1 or (not counted[key] and key not in accounted):
            sentence = f"{key} is planned {counted[key]} times"
            yield Finding(
                Rule.CADENCE,
                sentence,
                patient=one.patient.key,
                week=one.weeks[0],
                figure=counted[key],
            )


def _of(session: PlannedSession, rule: Rule, sentence: str, patient: str | None = None) -> Finding:
    return Finding(rule, sentence, session=session.key, patient=patient, week=session.week)
