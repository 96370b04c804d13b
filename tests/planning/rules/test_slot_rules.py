"""The program's fixed slots are all there, at their hour, or said to be dropped; whoever made the
plan.
"""

from dataclasses import replace
from datetime import UTC, date, datetime

from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import DroppedSlot, Plan, PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.slot_rules import slots
from tests.planning.week_grid import PROCESS, evening

ONE_WEEK = evening(slots=(replace(PROCESS, last_week=1),))
WHOLE = lay_out_fixed_slots(ONE_WEEK).sessions


def found(
    sessions: tuple[PlannedSession, ...], problem: Problem = ONE_WEEK, **plan: object
) -> list[tuple]:
    made = Plan("evening", sessions, **plan)  # type: ignore[arg-type]
    return [(one.rule, one.hard, one.sentence) for one in slots(problem, made)]


def test_all_meetings_at_their_hour_break_nothing() -> None:
    assert found(WHOLE) == []


def test_meetings_that_are_missing_are_named_by_their_slot() -> None:
    assert found(WHOLE[:1]) == [
        (Rule.FIXED_SLOT, True, "Process does not meet on Wed 3 March nor on 1 other day")
    ]


def test_a_meeting_told_as_dropped_is_not_missing() -> None:
    assert (
        found(WHOLE[:2], dropped=(DroppedSlot("process", "Process", date(2027, 3, 4), "storm"),))
        == []
    )


def test_a_meeting_on_a_closed_day_is_not_missing() -> None:
    assert found(WHOLE[:2], replace(ONE_WEEK, closed={date(2027, 3, 4): "storm"})) == []


def test_a_meeting_at_another_hour_than_the_programs_is_found() -> None:
    moved = replace(WHOLE[2], at=WHOLE[2].at + 60)
    assert found((*WHOLE[:2], moved)) == [
        (
            Rule.FIXED_SLOT,
            True,
            "Process on Thu 4 March 7:00 PM is not as the program has it: 6:00 PM for 90 minutes",
        )
    ]


def test_a_group_the_program_does_not_have_is_found() -> None:
    yoga = replace(WHOLE[0], key="evening.yoga.2027-03-01", source="yoga", title="Yoga")
    assert found((*WHOLE, yoga)) == [
        (Rule.FIXED_SLOT, True, "Yoga on Mon 1 March 6:00 PM is no meeting of the program")
    ]


def test_what_began_before_it_was_published_need_not_be_there() -> None:
    later = replace(ONE_WEEK, published=WHOLE[2:], now=datetime(2027, 3, 4, 12, tzinfo=UTC))
    assert found(WHOLE[2:], later) == []
