"""Which other sessions could change places with one, all rules held. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from scheduler.planning.explain.places.nearest_places import broken_rules_of
from scheduler.planning.problem.plan import Plan, PlannedSession
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import is_certain
from scheduler.planning.rules.judge import judge

MOST = 5
"""Sessions offered."""
TRIES = 24
"""As many pairs are judged at most."""
NEAR = timedelta(days=14)


def swap_partners(problem: Problem, standing: Plan, key: str) -> tuple[str, ...]:
    """Return the keys of the appointments with which a session could change places, the nearest
    first; nothing new would be broken by it.
    """
    sessions = {session.key: session for session in standing.sessions}
    own = sessions.get(key)
    if own is None:
        return ()
    before = broken_rules_of(problem, judge(problem, standing))
    found = []
    for other in _near(problem, own, standing.sessions)[:TRIES]:
        trial = dict(sessions)
        trial[own.key] = put_like(own, other)
        trial[other.key] = put_like(other, own)
        swapped = replace(standing, sessions=tuple(trial.values()))
        if broken_rules_of(problem, judge(problem, swapped)) <= before:
            found.append(other.key)
        if len(found) == MOST:
            break
    return tuple(found)


def put_like(session: PlannedSession, other: PlannedSession) -> PlannedSession:
    """Return a session where another one is, as long as it was."""
    end = other.start + timedelta(minutes=session.minutes)
    return replace(
        session,
        day=other.day,
        at=other.at,
        start=other.start,
        end=end,
        room=other.room,
    )


def _near(
    problem: Problem, own: PlannedSession, sessions: Sequence[PlannedSession]
) -> list[PlannedSession]:
    """Return the appointments ahead that are not far from a session, the nearest first."""
    found = []
    for other in sessions:
        is_ahead = problem.now is None or other.start > problem.now
        distance = abs(other.start - own.start)
        if other.fixed or not is_ahead or not timedelta() < distance <= NEAR:
            continue
        if is_certain(other.day, other.at, other.zone):
            found.append(other)
    found.sort(key=lambda other: (abs(other.start - own.start), other.key))
    return found
