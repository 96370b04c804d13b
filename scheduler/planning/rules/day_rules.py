"""Checks of a patient's single days: kinds that come once a day, school hours of those under 18.
Pure.
"""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator
from datetime import date

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule, in_order
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.school_hours import is_at_school
from scheduler.planning.problem.stays.within_stay import seated_within_stay
from scheduler.planning.problem.time_phrases import short_day
from scheduler.planning.rules.people_rules import when
from scheduler.programs import Kind, School, said_kind

Days = dict[tuple[str, date], list[PlannedSession]]


def days(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return days with too many of one kind, and what lies in school hours; what the program fixes
    is only reported.
    """
    sessions = sorted(sessions, key=in_order)
    yield from once_a_day(problem, sessions)
    yield from at_school(problem, sessions)


def once_a_day(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Hold of the kinds named one a day for a patient, all together (130 CMR 429.441(B))."""
    kinds = problem.template.rules.once_a_day
    only = f"of {_words(kinds)} only one a day"
    by_program: dict[tuple[str, ...], int] = defaultdict(int)
    for (patient, day), meetings in _held(problem, sessions, kinds).items():
        if len(meetings) < 2:
            continue
        placed = [session for session in meetings if not session.fixed]
        if not placed:
            titles = tuple(session.title for session in meetings)
            by_program[titles] += 1
            continue
        names = _words(session.kind for session in meetings)
        last = placed[-1]
        yield Finding(
            Rule.ONCE_A_DAY,
            f"{patient} has {names} on {short_day(day)}: {only}",
            session=last.key,
            patient=patient,
            week=last.week,
        )
    yield from _of_program(by_program, only)


def _of_program(by_program: dict[tuple[str, ...], int], only: str) -> Iterator[Finding]:
    for titles, times in by_program.items():
        met = f"{' and '.join(titles)} meet on one day by the program"
        yield Finding(
            Rule.ONCE_A_DAY,
            f"{met} ({times} times for a patient): {only}",
            hard=False,
            figure=times,
        )


def _held(problem: Problem, sessions: Iterable[PlannedSession], kinds: Container[Kind]) -> Days:
    found: Days = defaultdict(list)
    for session in sessions:
        if session.kind in kinds:
            for patient in seated_within_stay(problem, session):
                found[patient, session.day].append(session)
    return found


def at_school(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Place nothing while a patient under 18 is at school; a fixed slot then stands and is
    reported once.
    """
    school = problem.template.rules.school
    if school is None:
        return
    fixed: dict[str, list[PlannedSession]] = defaultdict(list)
    pupils: dict[str, set[str]] = defaultdict(set)
    for session in sessions:
        taught = _taught(problem, school, session)
        if session.fixed:
            if taught:
                fixed[session.title].append(session)
                pupils[session.title].update(taught)
            continue
        for patient in taught:
            yield Finding(
                Rule.SCHOOL_HOURS,
                f"{patient} is at school on {when(session)} ({session.key})",
                session=session.key,
                patient=patient,
                week=session.week,
            )
    for title, meetings in fixed.items():
        yield _in_school_hours(
            title,
            meetings,
            pupils[title],
        )


def _taught(problem: Problem, school: School, session: PlannedSession) -> list[str]:
    """Return the patients of a session who are at school then."""
    found = []
    for key in seated_within_stay(problem, session):
        patient = problem.patient_by_key[key]
        if is_at_school(
            school,
            patient,
            session.start,
            session.end,
        ):
            found.append(key)
    return found


def _in_school_hours(title: str, meetings: list[PlannedSession], pupils: Iterable[str]) -> Finding:
    count = len(meetings)
    times = f"{count} times" if count > 1 else "once"
    said = (
        f"{title} meets {times} in school hours, the first on {when(meetings[0])}: "
        f"{', '.join(sorted(pupils))}"
    )
    return Finding(
        Rule.SCHOOL_HOURS,
        said,
        hard=False,
        figure=count,
    )


def _words(kinds: Iterable[Kind]) -> str:
    return " and ".join(said_kind(kind) for kind in kinds)
