"""Each session has a room of its own, where rooms are listed."""

from dataclasses import replace
from datetime import timedelta

from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.room_rules import rooms, rooms_apart
from tests.planning.week_grid import FAMILY, GROUP, LATER, drawn, evening


def rules(problem: Problem, sessions: tuple) -> list[tuple[Rule, bool]]:
    """The rules found, each with whether it is a broken one."""
    return [(finding.rule, finding.hard) for finding in rooms(problem, sessions)]


def test_a_room_holds_one_session_at_a_time() -> None:
    week = drawn(
        """
              mon
        18:00  GC
        """,
        G=replace(GROUP, room="a"),
        C=replace(LATER, room="a", patients=()),
    )
    assert rules(evening(rooms=("a", "b")), week) == [(Rule.ROOM_TWICE, True)]


def test_each_session_has_a_room_when_rooms_are_listed() -> None:
    week = drawn(
        """
              mon
        18:00  G
        """,
        G=GROUP,
    )
    assert rules(evening(rooms=("a",)), week) == [(Rule.ROOM_OWN, True)]


def apart(problem: Problem, sessions: tuple) -> list[tuple[Rule, bool, str | None]]:
    """The rules found, each with whether it is a broken one and which session is named."""
    return [
        (finding.rule, finding.hard, finding.session) for finding in rooms_apart(problem, sessions)
    ]


SHARED = drawn(
    """
          mon tue
    16:00  .   F
    18:00  G   .
    """,
    F=replace(FAMILY, room="a"),
    G=replace(GROUP, room="a"),
)


def test_fixed_room_that_holds_families_and_patients_is_told() -> None:
    problem = evening(rooms=("a",), fixed_rooms=frozenset({"a"}))

    assert apart(problem, SHARED) == [(Rule.ROOMS_APART, False, "evening.fam.jordan.w1")]


def test_room_of_a_service_may_hold_families_and_patients() -> None:
    assert apart(evening(rooms=("a",)), SHARED) == []


def test_fixed_room_of_the_past_is_not_told_again() -> None:
    over = SHARED[0].start + timedelta(days=30)
    problem = evening(rooms=("a",), fixed_rooms=frozenset({"a"}), published=SHARED, now=over)

    assert apart(problem, SHARED) == []
