"""Checks of the program's frame: stay, closed days, order, group size, cadence, start grid, clock
changes. Pure.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta

from scheduler.planning.problem.due_appointments import DueAppointment, due_appointments
from scheduler.planning.problem.plan import Finding, Plan, PlannedSession, Rule, in_order
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import instant, is_certain
from scheduler.planning.rules.people_rules import when
from scheduler.programs import Kind, week_of


def program(problem: Problem, plan: Plan) -> Iterator[Finding]:
    """Return what breaks the program's frame."""
    for session in plan.sessions:
        yield from frame(problem, session)
    yield from assessment_first(plan.sessions)
    yield from _cadence(problem, plan)


def frame(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    """Return what is wrong about one session in the program's frame, whatever else there is."""
    if problem.is_past(session.start):
        yield _of(
            session, Rule.PAST, f"{session.key} would begin on {when(session)}, which is past"
        )
    yield from _stay(problem, session)
    yield from _day_and_hour(problem, session)
    yield from _cap(problem, session)


def _stay(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    for key in session.patients:
        if not problem.patient_by_key[key].is_here(session.day):
            sentence = f"{session.key} on {when(session)} lies outside the stay of {key}"
            yield _of(
                session,
                Rule.STAY,
                sentence,
                key,
            )


def _day_and_hour(problem: Problem, session: PlannedSession) -> Iterator[Finding]:
    if session.day in problem.closed:
        sentence = f"{session.key}: closed on {when(session)} ({problem.closed[session.day]})"
        yield _of(session, Rule.CLOSED, sentence)
    if not is_certain(
        session.day,
        session.at,
        session.zone,
    ):
        yield _of(
            session,
            Rule.WALL_TIME,
            f"{session.key}: clocks skip or double {when(session)}",
        )
    elif session.start != instant(
        session.day,
        session.at,
        session.zone,
    ):
        yield _of(
            session,
            Rule.WALL_TIME,
            f"{session.key}: its instant is not {when(session)}",
        )
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


def assessment_first(sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Hold that a patient's first assessment ends before any other session of theirs begins."""
    ordered = sorted(sessions, key=in_order)
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
                yield _of(
                    session,
                    Rule.ASSESSMENT_FIRST,
                    sentence,
                    key,
                )


def _cadence(problem: Problem, plan: Plan) -> Iterator[Finding]:
    """Hold each due appointment once, in its weeks, with its minutes and clinician, or account for
    it.
    """
    all_due, _ = due_appointments(problem)
    due = {owed.key: owed for owed in all_due}
    counted = Counter(session.key for session in plan.placed)
    accounted = {unplaced.key for unplaced in plan.unplaced}
    for session in plan.placed:
        if session.key in due:
            yield from _as_due(problem, session, due[session.key])
        else:
            said = f"{session.key} on {when(session)} is not due"
            yield _of(session, Rule.CADENCE, said)
    for key, owed in due.items():
        count = counted[key]
        if count == 1 or (count == 0 and key in accounted):
            continue
        yield Finding(
            Rule.CADENCE,
            f"{key} is planned {count} times",
            session=key,
            patient=owed.patient.key,
            week=owed.weeks[0],
            figure=count,
        )


def _as_due(problem: Problem, session: PlannedSession, due: DueAppointment) -> Iterator[Finding]:
    week = week_of(problem.starts, session.day)
    first, last = due.weeks
    if session.week != week or not first <= week <= last:
        said = f"{session.key} on {when(session)} is not in its weeks"
        yield _of(session, Rule.CADENCE, said)
    if session.minutes != due.appointment.minutes:
        said = f"{session.key} lasts {session.minutes} minutes"
        yield _of(session, Rule.CADENCE, said)
    if session.clinicians != (due.clinician,) and not session.led_by_hand:
        said = f"{session.key} is not held by {due.clinician}"
        yield _of(session, Rule.CLINICIAN_OWN, said)


def _of(session: PlannedSession, rule: Rule, sentence: str, patient: str | None = None) -> Finding:
    return Finding(
        rule,
        sentence,
        session=session.key,
        patient=patient,
        week=session.week,
    )
