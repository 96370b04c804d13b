"""What publishing would change, and for whom."""

from dataclasses import replace
from datetime import date, timedelta

from scheduler.planning.problem.plan_diff import plan_diff
from tests.planning.week_grid import FAMILY, GROUP, JORDANS, NOEMIES, drawn, meeting

WEEK = drawn(
    """
          mon tue
    12:00  .   J
    13:00  .   N
    18:00  G   .
    """,
    J=JORDANS,
    N=NOEMIES,
    G=GROUP,
)


def test_the_same_plan_changes_nothing() -> None:
    changes = plan_diff(WEEK, WEEK)
    assert (changes.is_empty, changes.kept, changes.people) == (True, 3, ())


def test_a_moved_session_touches_only_its_people() -> None:
    later = replace(
        WEEK[0], start=WEEK[0].start + timedelta(hours=2), end=WEEK[0].end + timedelta(hours=2)
    )
    changes = plan_diff(WEEK, (later, *WEEK[1:]))
    assert changes.moved == ((WEEK[0], later),)
    assert changes.people == ("jordan", "rivera")
    assert changes.of("noemie").is_empty
    assert changes.of("jordan").moved == changes.moved


def test_another_room_is_a_change_and_no_move() -> None:
    other = replace(WEEK[2], room="b")
    changes = plan_diff(WEEK, (*WEEK[:2], other))
    assert (changes.moved, changes.changed, changes.kept) == ((), ((WEEK[2], other),), 2)


def test_what_comes_and_what_falls_out() -> None:
    changes = plan_diff(WEEK[:2], WEEK[1:])
    assert (changes.added, changes.cancelled) == ((WEEK[2],), (WEEK[0],))


def test_for_one_person_a_move_is_new_to_who_joins_and_cancelled_to_who_leaves() -> None:
    before = meeting(FAMILY, date(2027, 3, 2), "16:30")
    after = replace(
        meeting(FAMILY, date(2027, 3, 4), "16:30"), key=before.key, relatives=("jordan-aunt",)
    )
    changes = plan_diff((before,), (after,))
    mother, aunt, jordan = (changes.of(who) for who in ("jordan-mother", "jordan-aunt", "jordan"))
    assert (mother.cancelled, mother.moved, mother.added) == ((before,), (), ())
    assert (aunt.added, aunt.moved, aunt.cancelled) == ((after,), (), ())
    assert (jordan.moved, jordan.added, jordan.cancelled) == (((before, after),), (), ())
    assert changes.of("jordan-father").is_empty
