"""Which clinicians could lead a session instead of who does, and why another could not. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Clinician, Commitment, Problem
from scheduler.planning.problem.time_phrases import listed
from scheduler.planning.problem.wall_time import is_covered
from scheduler.planning.rules.people_rules import when

MOST = 3
"""Colleagues named."""


def colleagues_who_could(
    problem: Problem, sessions: Sequence[PlannedSession], session: PlannedSession
) -> tuple[str, ...]:
    """Return at most three clinicians (keys) who could lead a session, those first who lead most
    of the cohort's `sessions`: they know its people.
    """
    led = Counter(key for other in sessions for key in other.clinicians)
    found = []
    for clinician in problem.clinicians:
        is_other = clinician.key not in session.clinicians
        if is_other and why_not(problem, sessions, session, clinician.key) is None:
            found.append(clinician.key)
    found.sort(key=lambda key: (-led[key], key))
    return tuple(found[:MOST])


def why_not(
    problem: Problem, sessions: Sequence[PlannedSession], session: PlannedSession, key: str
) -> str | None:
    """Return why a clinician (key) could not lead a session at its time; None: they could."""
    clinician = problem.clinician_by_key[key]
    if clinician.is_away(session.day):
        return f"{key} is away on {when(session)}"
    if not is_covered(clinician.hours, clinician.zone, session.start, session.end):
        return f"{key} does not work at {when(session)}"
    lacking = _states_lacking(problem, session, clinician)
    if lacking:
        return f"{key} holds no {listed(lacking)} licence on {when(session)}"
    if any(_is_in_the_way(clinician, session, taken) for taken in _taken(problem, sessions, key)):
        return f"{key} has something else at {when(session)}, or too little time before or after it"
    return None


def _states_lacking(problem: Problem, session: PlannedSession, clinician: Clinician) -> list[str]:
    states = {problem.patient_by_key[key].state for key in session.seated}
    found = []
    for state in sorted(states):
        if not clinician.is_licensed(state, session.day):
            found.append(state)
    return found


def _taken(
    problem: Problem, sessions: Sequence[PlannedSession], key: str
) -> Iterator[PlannedSession | Commitment]:
    """Return everything else that takes a clinician's time."""
    everything: list[PlannedSession | Commitment] = [*sessions, *problem.busy]
    for taken in everything:
        if key in taken.people:
            yield taken


def _is_in_the_way(
    clinician: Clinician, session: PlannedSession, taken: PlannedSession | Commitment
) -> bool:
    pause = timedelta(minutes=clinician.buffer)
    return taken.start < session.end + pause and session.start < taken.end + pause
