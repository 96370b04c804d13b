"""Which room each session has: the one it had, else its series' last, else any that is free.
Pure.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Problem


def assign_rooms(
    problem: Problem, sessions: Iterable[PlannedSession]
) -> tuple[PlannedSession, ...]:
    """Return the sessions in order of time, each with a room free for all of it; None when there is
    no such room.
    """
    ordered = sorted(sessions, key=lambda one: (one.start, one.key))
    if not problem.rooms:
        return tuple(ordered)
    taken: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for busy in problem.busy:
        if busy.room:
            taken[busy.room].append((busy.start, busy.end))
    wished = {one.key: one.room for one in problem.published if one.room}
    found = []
    # What was published asks first: its room is known to people.
    for session in sorted(ordered, key=lambda one: one.key not in wished):
        free = [room for room in problem.rooms if _is_free(taken[room], session)]
        wish = wished.get(session.key, wished.get(session.series))
        room = (
            wish
            if wish in free
            else min(free, key=lambda one: _slack(taken[one], session), default=None)
        )
        if room:
            taken[room].append((session.start, session.end))
            wished[session.series] = room
        found.append(replace(session, room=room))
    return tuple(sorted(found, key=lambda one: (one.start, one.key)))


def _is_free(taken: list[tuple[datetime, datetime]], session: PlannedSession) -> bool:
    return all(end <= session.start or session.end <= start for start, end in taken)


def _slack(taken: list[tuple[datetime, datetime]], session: PlannedSession) -> float:
    """Seconds until the room is wanted again: the tightest fit keeps the others whole."""
    return min(
        ((start - session.end).total_seconds() for start, _ in taken if start >= session.end),
        default=1e12,
    )
