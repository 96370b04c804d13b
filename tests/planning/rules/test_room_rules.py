"""Each session has a room of its own, where rooms are listed."""

from dataclasses import replace

from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.room_rules import rooms
from tests.planning.week_grid import GROUP, LATER, drawn, evening


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
