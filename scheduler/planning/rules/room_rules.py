"""Checks of rooms: each session has one of its own, where rooms are listed. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.people_rules import (
    Use,
    by_time,
    finding_of,
    use_of,
    use_outside,
    when,
)


def rooms(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return sessions without a room, and rooms that hold two at once."""
    if not problem.rooms:
        return
    uses: dict[str, list[Use]] = defaultdict(list)
    for session in sessions:
        if session.room in problem.rooms:
            uses[session.room].append(use_of(session))
            continue
        said = f"{session.key}: there is no room {session.room}"
        if session.room is None:
            said = f"{session.key} on {when(session)} has no room"
        yield finding_of(session, Rule.ROOM_OWN, said)
    for busy in problem.busy:
        if busy.room in uses:
            uses[busy.room].append(use_outside(busy))
    for room, taken in sorted(uses.items()):
        yield from _twice(room, taken)


def _twice(room: str, taken: list[Use]) -> Iterator[Finding]:
    ordered = sorted(taken, key=by_time)
    for use, later in pairwise(ordered):
        session = later.session or use.session
        if session is not None and later.start < use.end:
            said = f"{room} holds {use.about} and {later.about} at once"
            yield finding_of(session, Rule.ROOM_TWICE, said)
