"""Which room each session has: the one it had, else its series' last, else any that is free; with
fixed addresses families' rooms are kept apart from patients'. Pure.

Who was once in a room with a fixed address can go in again. So such rooms are split between the
two, in the way that leaves nobody without a room and moves the fewest published sessions.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from scheduler.planning.problem.plan import PlannedSession, in_order
from scheduler.planning.problem.problem import Problem
from scheduler.planning.problem.wall_time import Stretch

MOST_SPLIT = 6
"""Of so many fixed rooms every split is looked at, of more those in a row."""
MOST_TRIES = 24

Split = Mapping[str, bool]
"""By fixed room: True for families, False for patients; any other room is for both."""


def assign_rooms(
    problem: Problem, sessions: Iterable[PlannedSession]
) -> tuple[PlannedSession, ...]:
    """Return the sessions in order of time, each with a room free for all of it; None when there is
    no such room.
    """
    ordered = sorted(sessions, key=in_order)
    if not problem.rooms:
        return tuple(ordered)
    best: tuple[PlannedSession, ...] = ()
    least = (len(ordered) + 1, 0)
    for split, with_wishes in _tries(problem, ordered):
        given = _given(problem, ordered, split, with_wishes)
        loss = _loss(problem, given)
        if loss < least:
            best, least = given, loss
        if not any(least):
            return best
    return _stays_or(best, least, problem, ordered)


def _stays_or(
    best: tuple[PlannedSession, ...],
    least: tuple[int, int],
    problem: Problem,
    ordered: Sequence[PlannedSession],
) -> tuple[PlannedSession, ...]:
    """Return the rooms as published where nothing parts families and patients wholly: people know
    them, and part of a wall keeps nobody out.
    """
    if not problem.published:
        return best
    stays = _given(problem, ordered, {}, True)
    roomless, _ = _loss(problem, stays)
    if roomless <= least[0]:
        return stays
    return best


def rooms_of_both(
    problem: Problem, sessions: Iterable[PlannedSession]
) -> dict[str, tuple[list[PlannedSession], list[PlannedSession]]]:
    """Return the fixed rooms in which families and patients meet, with the sessions of each; a room
    that nothing to come is in, is left out.
    """
    held: dict[str, tuple[list[PlannedSession], list[PlannedSession]]] = {}
    ahead = set()
    for session in sorted(sessions, key=in_order):
        room = session.room
        if room not in problem.fixed_rooms:
            continue
        families, patients = held.setdefault(room, ([], []))
        side = families if session.has_families else patients
        side.append(session)
        if not problem.is_past(session.start):
            ahead.add(room)
    found = {}
    for room, sides in held.items():
        if all(sides) and room in ahead:
            found[room] = sides
    return found


def _loss(problem: Problem, given: Sequence[PlannedSession]) -> tuple[int, int]:
    """Return how many have no room, then how many are in a room that is not only their side's."""
    roomless = sum(session.room is None for session in given)
    mixed = 0
    for families, patients in rooms_of_both(problem, given).values():
        mixed += min(len(families), len(patients))
    return roomless, mixed


def _tries(problem: Problem, ordered: Sequence[PlannedSession]) -> Iterator[tuple[Split, bool]]:
    """Return the splits worth a try, each with earlier rooms kept and without; no split is last."""
    fixed = sorted(problem.fixed_rooms.intersection(problem.rooms))
    sides = {session.has_families for session in ordered}
    if fixed and len(sides) > 1:
        for families in _ranked(problem, ordered, fixed):
            split = {room: room in families for room in fixed}
            yield split, True
            yield split, False
    yield {}, True


def _ranked(
    problem: Problem, ordered: Sequence[PlannedSession], fixed: Sequence[str]
) -> list[frozenset[str]]:
    """Return sets of rooms for families, best first: rooms enough for both, then the fewest
    published sessions moved.
    """
    others = len(problem.rooms) - len(fixed)
    need = _Need(
        fixed,
        _most_at_once(ordered, True) - others,
        _most_at_once(ordered, False) - others,
        Counter((session.room, session.has_families) for session in problem.published),
    )
    in_a_row = sorted(fixed, key=need.leaning)
    sets = sorted(_sets(in_a_row), key=need.cost)
    return sets[:MOST_TRIES]


@dataclass(frozen=True, slots=True)
class _Need:
    """How many fixed rooms families and patients want at once, and where the published are."""

    fixed: Sequence[str]
    families: int
    patients: int
    published: Counter[tuple[str | None, bool]]

    def cost(self, families: frozenset[str]) -> tuple[int, int, list[str]]:
        """Return what sorts sets of rooms for families: those lacking, the published moved."""
        left = len(self.fixed) - len(families)
        lacking = max(0, self.families - len(families))
        lacking += max(0, self.patients - left)
        moved = 0
        for room in self.fixed:
            wrong_side = room not in families
            moved += self.published[room, wrong_side]
        return lacking, moved, sorted(families)

    def leaning(self, room: str) -> int:
        """Return how much more a room is used by families than by patients."""
        return self.published[room, True] - self.published[room, False]


def _sets(rooms: Sequence[str]) -> set[frozenset[str]]:
    """Return sets of the rooms: every one of a few, of many those of the last in their row."""
    found = set()
    for count in range(len(rooms) + 1):
        found.add(frozenset(rooms[count:]))
        if len(rooms) <= MOST_SPLIT:
            found.update(map(frozenset, combinations(rooms, count)))
    return found


def _most_at_once(ordered: Iterable[PlannedSession], with_families: bool) -> int:
    steps = []
    for session in ordered:
        if session.has_families == with_families:
            steps += [(session.start, 1), (session.end, -1)]
    most = count = 0
    for _, step in sorted(steps):
        count += step
        most = max(most, count)
    return most


def _given(
    problem: Problem, ordered: Sequence[PlannedSession], split: Split, with_wishes: bool
) -> tuple[PlannedSession, ...]:
    rooms = _Rooms(problem, split, with_wishes)
    # What was published asks first: its room is known to people.
    asking = sorted(ordered, key=lambda session: session.key not in rooms.wished)
    found = []
    for session in asking:
        room = rooms.give(session)
        found.append(replace(session, room=room))
    return tuple(sorted(found, key=in_order))


class _Rooms:
    """When each room is taken, whose it is, and which room a session or series had before."""

    def __init__(self, problem: Problem, split: Split, with_wishes: bool) -> None:
        self.names = problem.rooms
        self.split = split
        self.taken: dict[str, list[Stretch]] = defaultdict(list)
        for busy in problem.busy:
            if busy.room:
                self.taken[busy.room].append((busy.start, busy.end))
        self.wished: dict[str, str] = {}
        self.been: set[str] = set()
        """Keys of what has begun: it stays where it was, whosever room that is."""
        for session in problem.published:
            is_past = problem.is_past(session.start)
            if session.room and (with_wishes or is_past):
                self.wished[session.key] = session.room
            if is_past:
                self.been.add(session.key)

    def give(self, session: PlannedSession) -> str | None:
        """Take a room for `session`: the one it had, else its series' last, else the tightest."""
        room = self._choose(session)
        if room is not None:
            self.taken[room].append((session.start, session.end))
            self.wished[session.series] = room
        return room

    def _choose(self, session: PlannedSession) -> str | None:
        free = [room for room in self.names if self._is_free(room, session)]
        own = [room for room in free if self._is_for(room, session)]
        series_wish = self.wished.get(session.series)
        wish = self.wished.get(session.key, series_wish)
        may_choose = free if session.key in self.been else own
        if wish in may_choose:
            return wish

        def fit(room: str) -> tuple[bool, float]:
            return self._fit(room, session)

        return min(own or free, key=fit, default=None)

    def _is_free(self, room: str, session: PlannedSession) -> bool:
        for start, end in self.taken[room]:
            is_apart = end <= session.start or session.end <= start
            if not is_apart:
                return False
        return True

    def _is_for(self, room: str, session: PlannedSession) -> bool:
        return self.split.get(room, session.has_families) == session.has_families

    def _fit(self, room: str, session: PlannedSession) -> tuple[bool, float]:
        """Return what sorts rooms: those that are one side's first, then by the seconds until the
        room is wanted again, as the tightest fit keeps the others whole.
        """
        found = 1e12
        for start, _ in self.taken[room]:
            if start >= session.end:
                slack = (start - session.end).total_seconds()
                found = min(found, slack)
        return room not in self.split, found
