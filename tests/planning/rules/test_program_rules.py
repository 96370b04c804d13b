"""The program's frame: stay, closed days, order, group size, cadence, start grid, clock changes."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from scheduler.planning.problem.plan import Plan, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.judge import judge
from scheduler.planning.rules.program_rules import program
from scheduler.programs.kinds import Kind
from tests.planning.week_grid import (
    FAM,
    GROUP,
    JORDAN,
    JORDANS,
    NOEMIE,
    NOEMIES,
    ONE,
    RULES,
    drawn,
    evening,
    plan_of,
)


def rules(problem: Problem, sessions: tuple) -> list[Rule]:
    """The names of the rules found when all else that is due is accounted for."""
    return [one.rule for one in program(problem, plan_of(problem, sessions))]


def ones(**changes: object) -> Problem:
    """The evening cohort with one individual session a week."""
    return evening(**({"appointments": (ONE,)} | changes))


MONDAY = """
      mon
17:00  J
"""


def test_a_session_within_the_frame_breaks_nothing() -> None:
    assert rules(ones(), drawn(MONDAY, J=JORDANS)) == []


def test_before_admission_and_after_discharge_is_outside_the_stay() -> None:
    late = replace(JORDAN, first=date(2027, 3, 2))
    assert rules(ones(patients=(late, NOEMIE)), drawn(MONDAY, J=JORDANS)) == [Rule.STAY]
    gone = replace(JORDAN, last=date(2027, 3, 7))
    problem = ones(patients=(gone, NOEMIE))
    assert Rule.STAY in rules(problem, drawn(MONDAY, week=2, J=JORDANS))


def test_nothing_is_planned_on_a_closed_day() -> None:
    closed = {date(2027, 3, 1): "staff day"}
    assert rules(ones(closed=closed), drawn(MONDAY, J=JORDANS)) == [Rule.CLOSED]


def test_a_start_that_the_clocks_skip_is_refused() -> None:
    night = drawn(
        """
              sun
        02:30  G
        """,
        week=2,
        G=GROUP,
    )
    assert rules(evening(), night) == [Rule.WALL_TIME]


def test_a_placed_session_starts_on_the_grid() -> None:
    odd = drawn(
        """
              mon
        17:05  J
        """,
        J=JORDANS,
    )
    assert rules(ones(), odd) == [Rule.START_GRID]
    assert rules(ones(rules=replace(RULES, start_every=5)), odd) == []


def test_a_group_seats_no_more_than_its_cap() -> None:
    week = drawn(
        """
              mon
        18:00  G
        """,
        G=GROUP,
    )
    assert rules(evening(rules=replace(RULES, group_cap=1)), week) == [Rule.GROUP_CAP]


def test_nothing_comes_before_the_assessment() -> None:
    assess = replace(JORDANS, source="assess", kind=Kind.ASSESSMENT)
    first = replace(ONE, key="assess", kind=Kind.ASSESSMENT, every_weeks=4)
    late = drawn(
        """
              mon tue
        12:00  .   A
        18:00  G   .
        """,
        A=assess,
        G=GROUP,
    )
    problem = evening(appointments=(first,))
    assert rules(problem, late) == [Rule.ASSESSMENT_FIRST]
    early = drawn(
        """
              mon
        12:00  A
        18:00  G
        """,
        A=assess,
        G=GROUP,
    )
    assert rules(problem, early) == []


def test_each_due_appointment_is_placed_once_or_accounted_for() -> None:
    problem = ones(patients=(JORDAN,))
    assert [(one.rule, one.week, one.figure) for one in program(problem, Plan("evening", ()))] == [
        (Rule.CADENCE, week, 0) for week in (1, 2, 3, 4)
    ]
    twice = drawn(
        """
              mon tue
        12:00  J   J
        """,
        J=JORDANS,
    )
    assert rules(problem, twice) == [Rule.CADENCE]


def test_an_appointment_lies_in_its_weeks() -> None:
    misplaced = replace(drawn(MONDAY, week=2, J=JORDANS)[0], key="evening.one.jordan.w1")
    assert rules(ones(), (misplaced,)) == [Rule.CADENCE]


def test_an_appointment_is_held_by_the_patients_clinician() -> None:
    assert rules(ones(), drawn(MONDAY, J=replace(JORDANS, by=("chen",)))) == [Rule.CLINICIAN_OWN]
    by_chen = replace(ONE, by="chen")
    assert (
        rules(ones(appointments=(by_chen,)), drawn(MONDAY, J=replace(JORDANS, by=("chen",)))) == []
    )


def test_what_is_not_due_is_not_planned() -> None:
    problem = evening(appointments=(FAM,))
    uninvited = replace(NOEMIES, source="fam", kind=Kind.FAMILY_THERAPY, minutes=60)
    assert rules(problem, drawn(MONDAY, J=uninvited)) == [Rule.CADENCE]


def test_a_session_ends_after_its_minutes() -> None:
    (session,) = drawn(MONDAY, J=JORDANS)
    assert rules(ones(), (replace(session, end=session.end + timedelta(minutes=5)),)) == [
        Rule.WALL_TIME
    ]


def test_nothing_new_begins_in_the_past_of_a_published_cohort() -> None:
    monday, later = drawn(MONDAY, J=JORDANS), drawn(MONDAY, week=2, J=JORDANS)
    midweek = datetime(2027, 3, 3, 12, tzinfo=UTC)
    assert rules(ones(now=midweek), monday) == []
    running = ones(now=midweek, published=later)
    assert rules(running, (*monday, *later)) == [Rule.PAST]
    history = ones(now=midweek, published=monday)
    assert [one for one in judge(history, plan_of(history, monday)) if one.rule is Rule.PAST] == []
