"""What a coordinator may wish to know, at most one sentence for each rule, and never about what
nobody can change.
"""

from dataclasses import replace
from datetime import date

from scheduler.planning.problem.fixed_slots import lay_out_fixed_slots
from scheduler.planning.problem.plan import PlannedSession
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.advice import advice
from scheduler.programs.kinds import Kind
from scheduler.programs.template import Template
from tests.planning.week_grid import (
    GROUP,
    JORDAN,
    JORDANS,
    LATER,
    NOEMIE,
    NOEMIES,
    RULES,
    SKILLS,
    Piece,
    drawn,
    evening,
    window,
)

EIGHT = replace(evening(), template=Template(8, RULES, (), ()))
"""A program of eight weeks: nothing to say about its length."""


def said(sessions: tuple[PlannedSession, ...], problem: Problem = EIGHT) -> list[tuple[str, str]]:
    found = list(advice(problem, sessions))
    assert not any(one.hard for one in found)
    return [(one.rule.value, one.sentence) for one in found]


def test_ten_minutes_between_sessions_are_a_break() -> None:
    week = drawn(
        """
              mon
        17:00  J
        18:00  G
        19:30  L
        """,
        J=JORDANS,
        G=GROUP,
        L=LATER,
    )
    assert said(week) == []


def test_an_appointment_run_into_a_group_leaves_no_break() -> None:
    week = drawn(
        """
              mon wed
        16:30  N   .
        17:10  J   .
        17:15  .   J
        18:00  G   G
        """,
        J=replace(JORDANS, minutes=45),
        N=NOEMIES,
        G=GROUP,
    )
    assert said(week) == [
        (
            "breaks",
            "more than 60 minutes without a break of 10, because of an appointment: jordan (2 "
            "times), as on Mon 1 "
            "March 5:10 PM to 7:30 PM",
        )
    ]


def test_groups_one_after_another_are_the_programs_own_affair() -> None:
    week = drawn(
        """
              mon
        18:00  G
        19:30  L
        """,
        G=GROUP,
        L=LATER,
    )
    assert said(week) == []


EVENINGS = """
      mon tue wed
18:00  G   J   G
"""


def test_a_third_evening_running_is_told_when_the_appointment_could_be_by_day() -> None:
    late = replace(JORDAN, free=(window("tue", "17:30", "21:00"),))
    assert said(drawn(EVENINGS, J=JORDANS, G=GROUP), replace(EIGHT, patients=(late, NOEMIE))) == []
    assert said(drawn(EVENINGS, J=JORDANS, G=GROUP)) == [
        (
            "evenings-running",
            "more than 2 evenings running, and an appointment could be by day: jordan (once), as "
            "on Mon 1 "
            "March to Wed 3 March",
        )
    ]


def test_an_afternoon_between_two_evenings_is_none() -> None:
    week = drawn(
        """
              mon tue wed
        16:00  .   J   .
        18:00  G   .   G
        """,
        J=JORDANS,
        G=GROUP,
    )
    assert said(week) == []


def test_days_far_apart_are_told_with_the_longest_stretch() -> None:
    week = drawn(
        """
              mon tue wed thu fri
        18:00  G   .   .   .   .
        """,
        G=GROUP,
    )
    later = drawn(
        """
              mon tue
        18:00  .   G
        """,
        week=2,
        G=GROUP,
    )
    assert said((*week, *later)) == [
        ("days-spread", "7 days without a session after Mon 1 March: jordan, noemie"),
    ]


def test_days_apart_are_left_to_the_programs_rule_where_it_has_one() -> None:
    strict = replace(EIGHT, template=replace(EIGHT.template, rules=replace(RULES, days_gap_max=2)))
    far = (*drawn("\nmon\n18:00 G\n", G=GROUP), *drawn("\ntue\n18:00 G\n", week=2, G=GROUP))
    assert said(far, strict) == []


def test_a_multi_family_group_in_the_first_week_is_early() -> None:
    families = Piece(
        "families",
        Kind.MULTI_FAMILY_GROUP,
        90,
        patients=("jordan",),
        relatives=("jordan-mother",),
        fixed=True,
    )
    grid = """
          thu
    18:00  F
    """
    both = (*drawn(grid, F=families), *drawn(grid, week=2, F=families))
    assert [one for one in said(both) if one[0] != "days-spread"] == [
        (
            "families-early",
            "families meets with other families in the first week already: Thu 4 March 6:00 PM",
        )
    ]


def test_topics_follow_the_programs_order() -> None:
    skills = replace(SKILLS, topics=("Orientation", "Triggers", "Sleep"))
    problem = replace(EIGHT, template=Template(8, RULES, (skills,), ()))
    inorder = lay_out_fixed_slots(problem).sessions
    assert said(inorder, problem) == []
    swapped = (
        inorder[0],
        replace(inorder[1], topic="Sleep"),
        replace(inorder[2], topic="Triggers"),
        *inorder[3:],
    )
    assert said(swapped, problem) == [
        (
            "topic-order",
            "Skills has Sleep after Orientation on Wed 3 March 7:30 PM, where Triggers is next",
        ),
    ]


def test_a_program_shorter_than_6_or_longer_than_12_weeks_is_told() -> None:
    short, long = evening(), replace(evening(), template=Template(14, RULES, (), ()))
    assert said((), short) == [
        ("length", "the program has 4 weeks; usual are 6 to 12: keep the reason on record")
    ]
    assert said((), long) == [
        ("length", "the program has 14 weeks; usual are 6 to 12: keep the reason on record")
    ]
    assert said(()) == []


def test_many_people_are_one_sentence() -> None:
    many = tuple(replace(JORDAN, key=f"p-{number}", relatives=()) for number in range(1, 7))
    problem = replace(EIGHT, patients=many)
    far = Piece("process", Kind.GROUP, 90, patients=tuple(one.key for one in many), fixed=True)
    sessions = (*drawn("\nmon\n18:00 G\n", G=far), *drawn("\ntue\n18:00 G\n", week=2, G=far))
    assert [one for _, one in said(sessions, problem)] == [
        "7 days without a session after Mon 1 March: p-1, p-2, p-3 and 3 more"
    ]


def test_groups_after_the_stay_are_no_days_of_who_left() -> None:
    gone = replace(JORDAN, last=date(2027, 3, 7))
    problem = replace(EIGHT, patients=(gone, NOEMIE))
    group = replace(GROUP, patients=("jordan",))
    one_a_week = """
          mon
    18:00  G
    """
    sessions = (*drawn(one_a_week, 1, G=group), *drawn(one_a_week, 2, G=group))
    assert said(sessions, problem) == []
