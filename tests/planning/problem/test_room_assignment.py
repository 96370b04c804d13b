"""Families' and patients' rooms are kept apart where addresses are fixed, wherever that can be; a
naive checker that tries every way of giving rooms says where.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.problem.room_assignment import assign_rooms
from scheduler.planning.rules.room_rules import rooms, rooms_apart
from tests.planning.week_grid import FAMILY, GROUP, STARTS, Piece, drawn, evening, meeting

ALL = ("a", "b", "c")
HOURS = ("15:00", "15:30", "16:00", "16:30", "17:00")


def fixed(names: Sequence[str], **changes: object) -> Problem:
    return evening(rooms=tuple(names), fixed_rooms=frozenset(names), **changes)


def some_sessions(chance: random.Random) -> tuple[PlannedSession, ...]:
    """Up to seven sessions of one afternoon; each is a series of its own."""
    found = []
    for number in range(chance.randint(2, 7)):
        piece = Piece(f"s{number}", minutes=chance.choice([30, 60, 90]))
        if chance.random() < 0.5:
            piece = replace(FAMILY, source=f"s{number}", minutes=chance.choice([30, 60, 90]))
        found.append(meeting(piece, STARTS, chance.choice(HOURS)))
    return tuple(found)


def clash(one: PlannedSession, other: PlannedSession) -> bool:
    """Naive: two that may not be in one room, at once or as family and patients."""
    at_once = one.start < other.end and other.start < one.end
    return at_once or one.seats is not other.seats


def can_be_apart(sessions: Sequence[PlannedSession], names: Sequence[str]) -> bool:
    """Naive: True if any of all ways to give rooms keeps all apart."""
    for way in product(names, repeat=len(sessions)):
        pairs = [
            (first, second)
            for first in range(len(sessions))
            for second in range(first)
            if way[first] == way[second]
        ]
        if not any(clash(sessions[first], sessions[second]) for first, second in pairs):
            return True
    return False


def test_rooms_are_kept_apart_wherever_that_can_be(seed: int) -> None:
    chance = random.Random(seed)
    could = {True: 0, False: 0}
    for _ in range(120):
        sessions = some_sessions(chance)
        names = ALL[: chance.randint(1, 3)]
        problem = fixed(names)
        given = assign_rooms(problem, sessions)
        found = [*rooms(problem, given), *rooms_apart(problem, given)]
        possible = can_be_apart(sessions, names)
        assert (found == []) == possible, (seed, sessions)
        could[possible] += 1
    assert min(could.values()) > 5


WEEK = drawn(
    """
          mon tue
    16:00  .   F
    18:00  G   .
    """,
    F=FAMILY,
    G=GROUP,
)
FAMILYS, GROUPS = WEEK


def given_rooms(problem: Problem, sessions: tuple[PlannedSession, ...] = WEEK) -> dict[str, str]:
    return {session.source: session.room or "" for session in assign_rooms(problem, sessions)}


def test_family_has_another_room_than_the_group() -> None:
    found = given_rooms(fixed(("a", "b")))

    assert sorted(found.values()) == ["a", "b"]


def test_one_room_is_shared_and_told() -> None:
    problem = fixed(("a",))

    assert given_rooms(problem) == {"process": "a", "fam": "a"}
    assert len(list(rooms_apart(problem, assign_rooms(problem, WEEK)))) == 1


def test_published_sessions_that_shared_a_room_are_parted() -> None:
    shared = tuple(replace(session, room="a") for session in WEEK)

    found = given_rooms(fixed(("a", "b"), published=shared))

    assert sorted(found.values()) == ["a", "b"]


def test_published_rooms_that_are_apart_stay() -> None:
    published = tuple(
        replace(session, room="b" if session.source == "process" else "a") for session in WEEK
    )

    assert given_rooms(fixed(("a", "b"), published=published)) == {"process": "b", "fam": "a"}


def test_room_families_were_in_is_none_of_patients_later() -> None:
    past = replace(FAMILYS, room="a")
    coming = meeting(GROUP, STARTS.replace(day=3), "18:00", 1)
    problem = fixed(("a", "b"), published=(past,), now=coming.start)

    assert given_rooms(problem, (past, coming)) == {"fam": "a", "process": "b"}


def test_room_that_others_hold_is_not_given() -> None:
    busy = (Commitment(GROUPS.start, GROUPS.end, (), "a"),)

    assert given_rooms(fixed(("a", "b"), busy=busy)) == {"process": "b", "fam": "a"}


def test_room_of_a_service_takes_what_no_fixed_room_may() -> None:
    problem = evening(rooms=("a", "s"), fixed_rooms=frozenset({"a"}))

    assert set(given_rooms(problem).values()) == {"a", "s"}
