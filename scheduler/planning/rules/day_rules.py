"""Checks of a patient's single days: kinds that come once a day, school hours of those under 18.
Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.school_hours import is_at_school
from scheduler.planning.rules.people_rules import when

Days = dict[tuple[str, date], list[PlannedSession]]


def days(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return days with too many of one kind, and what lies in school hours; what the program fixes
    is only reported.
    """
    sessions = sorted(sessions, key=lambda one: (one.start, one.key))
    yield from _once_a_day(problem, sessions)
    yield from _school(problem, sessions)


def _once_a_day(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Of the kinds named a patient has one a day, all together (130 CMR 429.441(B))."""
    kinds = problem.template.rules.once_a_day
    held: Days = defaultdict(list)
    for session in sessions:
        for key in session.seated if session.kind in kinds else ():
            held[key, session.day].append(session)
    by_program: dict[tuple[str, ...], int] = defaultdict(int)
    only = f"of {' and '.join(_word(kind) for kind in kinds)} only one a day"
    for (patient, day), those in held.items():
        placed = [one for one in those if not one.fixed]
        if len(those) > 1 and placed:
            names = " and ".join(_word(one.kind) for one in those)
            said = f"{patient} has {names} on {day:%a} {day.day} {day:%B}: {only}"
            yield Finding(
                Rule.ONCE_A_DAY, said, session=placed[-1].key, patient=patient, week=placed[-1].week
            )
        elif len(those) > 1:
            by_program[tuple(one.title for one in those)] += 1
    for titles, times in by_program.items():
        said = (
            f"{' and '.join(titles)} meet on one day by the program ({times} times for a "
            f"patient): {only}"
        )
        yield Finding(Rule.ONCE_A_DAY, said, hard=False, figure=times)


def _school(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Nothing is placed while a patient under 18 is at school; a fixed slot then stands and is
    reported once.
    """
    school = problem.template.rules.school
    if school is None:
        return
    fixed: dict[str, list[tuple[PlannedSession, list[str]]]] = defaultdict(list)
    for session in sessions:
        pupils = [
            key
            for key in session.seated
            if is_at_school(school, problem.patient_by_key[key], session.start, session.end)
        ]
        if session.fixed and pupils:
            fixed[session.title].append((session, pupils))
        for key in () if session.fixed else pupils:
            said = f"{key} is at school on {when(session)} ({session.key})"
            yield Finding(
                Rule.SCHOOL_HOURS, said, session=session.key, patient=key, week=session.week
            )
    for title, meetings in fixed.items():
        who = sorted({key for _, pupils in meetings for key in pupils})
        times = f"{len(meetings)} times" if len(meetings) > 1 else "once"
        said = (
            f"{title} meets {times} in school hours, the first on {when(meetings[0][0])}: "
            f"{', '.join(who)}"
        )
        yield Finding(Rule.SCHOOL_HOURS, said, hard=False, figure=len(meetings))


def _word(kind: str) -> str:
    return kind.replace("_", " ")
