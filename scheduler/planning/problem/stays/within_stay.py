"""Who of a session is within their stay on its day: groups go on without who left. Pure."""

from collections.abc import Iterable

from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Problem


def seated_within_stay(problem: Problem, session: PlannedSession) -> tuple[str, ...]:
    """Return the patients (keys) who sit in a session on a day of their stay; nothing after it is
    an hour, an evening or a day of theirs.
    """
    return within_stay(problem, session, session.seated)


def within_stay(
    problem: Problem, session: PlannedSession, patients: Iterable[str]
) -> tuple[str, ...]:
    """Return those of these patients (keys) whose stay covers the day of a session."""
    found = []
    for key in patients:
        patient = problem.patient_by_key.get(key)
        if patient is not None and patient.is_here(session.day):
            found.append(key)
    return tuple(found)
