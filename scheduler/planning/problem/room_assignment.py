"""Which room each session has: the one it had, else its series' last, else any that is free.
Pure.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from scheduler.planning.problem.plan import PlannedSession, in_order
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import Stretch


def assign_rooms(
    problem: Problem, sessions: Iterable[PlannedSession]
) -> tuple[PlannedSession, ...]:
    """Return the sessions in order of time, each with a room free for all of it; None when there is
    no such room.
    """
    ordered = sorted(sessions, key=in_order)
    if not problem.rooms:
        return tuple(ordered)
    rooms = _Rooms(problem)
    # What was published asks first: its room is known to people.
    ordered.sort(key=lambda session: session.key not in rooms.wished)
    found = []
    for session in ordered:
        room = rooms.give(session)
        found.append(replace(session, room=room))
    return tuple(sorted(found, key=in_order))


class _Rooms:
    """When each room is taken, and which room a session or series had before."""

    def __init__(self, problem: Problem) -> None:
        self.names = problem.rooms
        self.taken: dict[str, list[Stretch]] = defaultdict(list)
        for busy in problem.busy:
            if busy.room:
                self.taken[busy.room].append((busy.start, busy.end))
        self.wished: dict[str, str] = {}
        for session in problem.published:
            if session.room:
                self.wished[session.key] = session.room

    def give(self, session: PlannedSession) -> str | None:
        """Take a room for `session`: the one it had, else its series' last, else the tightest."""
        room = self._choose(session)
        if room is not None:
            self.taken[room].append((session.start, session.end))
            self.wished[session.series] = room
        return room

    def _choose(self, session: PlannedSession) -> str | None:
        free = [room for room in self.names if self._is_free(room, session)]
        series_wish = self.wished.get(session.series)
        wish = self.wished.get(session.key, series_wish)
        if wish in free:
            return wish
        return min(free, key=lambda room: self._slack(room, session), default=None)

    def _is_free(self, room: str, session: PlannedSession) -> bool:
        return all(end <= session.start or session.end <= start for start, end in self.taken[room])

    def _slack(self, room: str, session: PlannedSession) -> float:
        """Return the seconds until the room is wanted again: the tightest fit keeps the others
        whole.
        """
        found = 1e12
        for start, _ in self.taken[room]:
            if start >= session.end:
                slack = (start - session.end).total_seconds()
                found = min(found, slack)
        return found
