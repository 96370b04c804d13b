"""Checks of rooms: each session has one of its own, where rooms are listed, and families' rooms are
none of patients'. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

from scheduler.planning.problem.plan import Finding, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.room_assignment import rooms_of_both
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


def rooms_apart(problem: Problem, sessions: Iterable[PlannedSession]) -> Iterator[Finding]:
    """Return the rooms of one address for all in which families and patients meet."""
    for room, (families, patients) in sorted(rooms_of_both(problem, sessions).items()):
        # The same session however times are moved: a finding is told again when it is another.
        about = min(families, key=lambda session: session.key)
        said = (
            f"{room} has one address for all who were ever in it, and holds families (first on "
            f"{when(families[0])}) and patients (first on {when(patients[0])}); another room, or a "
            "service that makes an address for each session, would keep them apart"
        )
        yield finding_of(about, Rule.ROOMS_APART, said, hard=False)


def _twice(room: str, taken: list[Use]) -> Iterator[Finding]:
    ordered = sorted(taken, key=by_time)
    for use, later in pairwise(ordered):
        session = later.session or use.session
        if session is not None and later.start < use.end:
            said = f"{room} holds {use.about} and {later.about} at once"
            yield finding_of(session, Rule.ROOM_TWICE, said)
