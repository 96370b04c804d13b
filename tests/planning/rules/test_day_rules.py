"""A patient's single days: kinds that come once a day, and school hours for those under 18."""

from dataclasses import replace
from datetime import date

from scheduler.planning.problem.plan import PlannedSession, Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.day_rules import days
from scheduler.programs.kinds import Kind
from scheduler.programs.school_terms import School, Term
from tests.planning.week_grid import (
    GROUP,
    JORDAN,
    JORDANS,
    NOEMIE,
    NOEMIES,
    RULES,
    Piece,
    drawn,
    evening,
    window,
)

MEDS = Piece("meds", Kind.MEDICATION, 30)
SCHOOL = School(
    (window("mon tue wed thu fri", "08:00", "14:30"),), (Term(date(2027, 1, 4), date(2027, 3, 5)),)
)
TEEN = replace(JORDAN, born=date(2011, 5, 2))


def found(problem: Problem, sessions: tuple[PlannedSession, ...]) -> list[tuple[Rule, bool, str]]:
    return [(one.rule, one.hard, one.sentence) for one in days(problem, sessions)]


def once(*kinds: Kind, **changes: object) -> Problem:
    """The evening cohort, where of these kinds a patient has at most one a day."""
    return evening(rules=replace(RULES, once_a_day=kinds), **changes)


def at_school(*patients: object, **changes: object) -> Problem:
    """The evening cohort of these patients, in term until Friday 5 March."""
    return evening(rules=replace(RULES, school=SCHOOL), patients=patients, **changes)


TWO_ON_TUESDAY = """
      mon tue wed
15:00  .   M   .
17:00  J   J   M
"""


def test_two_kinds_that_come_once_a_day_on_one_day_break_a_rule() -> None:
    week = drawn(TWO_ON_TUESDAY, J=JORDANS, M=MEDS)
    assert found(once(Kind.INDIVIDUAL, Kind.MEDICATION), week) == [
        (
            Rule.ONCE_A_DAY,
            True,
            "jordan has medication and individual on Tue 2 March: of individual and medication "
            "only one a day",
        )
    ]


def test_kinds_not_named_may_share_a_day() -> None:
    week = drawn(TWO_ON_TUESDAY, J=JORDANS, M=MEDS)
    assert found(once(), week) == []
    assert found(once(Kind.MEDICATION, Kind.GROUP), week) == []


def test_two_patients_on_one_day_are_no_duplicate() -> None:
    week = drawn(
        """
              tue
        15:00  J
        17:00  N
        """,
        J=JORDANS,
        N=NOEMIES,
    )
    assert found(once(Kind.INDIVIDUAL), week) == []


def test_groups_that_share_a_day_by_the_program_itself_are_reported_once_and_not_hard() -> None:
    week = drawn(
        """
              mon wed
        18:00  G   G
        19:30  L   L
        """,
        G=GROUP,
        L=replace(GROUP, source="skills"),
    )
    assert found(once(Kind.GROUP), week) == [
        (
            Rule.ONCE_A_DAY,
            False,
            "process and skills meet on one day by the program (4 times for a patient): of group "
            "only one a day",
        )
    ]


SCHOOL_DAY = """
      mon tue wed
14:00  .   J   .
14:30  J   .   .
16:00  .   .   J
"""


def test_nothing_is_placed_while_a_patient_under_18_is_at_school() -> None:
    assert found(at_school(TEEN, NOEMIE), drawn(SCHOOL_DAY, J=JORDANS)) == [
        (
            Rule.SCHOOL_HOURS,
            True,
            "jordan is at school on Tue 2 March 2:00 PM (evening.one.jordan.w1)",
        )
    ]


def test_out_of_term_there_is_no_school() -> None:
    assert found(at_school(TEEN, NOEMIE), drawn(SCHOOL_DAY, week=2, J=JORDANS)) == []


def test_from_the_18th_birthday_on_school_does_not_matter() -> None:
    grown = replace(JORDAN, born=date(2009, 3, 2))
    young = replace(JORDAN, born=date(2009, 3, 3))
    assert found(at_school(grown, NOEMIE), drawn(SCHOOL_DAY, J=JORDANS)) == []
    assert [rule for rule, *_ in found(at_school(young, NOEMIE), drawn(SCHOOL_DAY, J=JORDANS))] == [
        Rule.SCHOOL_HOURS
    ]


def test_school_keeps_the_hours_of_the_patients_own_zone() -> None:
    elsewhere = replace(TEEN, zone="America/Chicago")
    said = found(at_school(elsewhere, NOEMIE), drawn(SCHOOL_DAY, J=JORDANS))
    assert [sentence for _, _, sentence in said] == [
        "jordan is at school on Mon 1 March 2:30 PM (evening.one.jordan.w1)",
        "jordan is at school on Tue 2 March 2:00 PM (evening.one.jordan.w1)",
    ]


def test_a_group_in_school_hours_stands_and_is_reported_once_for_all_its_meetings() -> None:
    week = drawn(
        """
              mon wed thu
        13:00  G   G   G
        """,
        G=GROUP,
    )
    assert found(at_school(TEEN, NOEMIE), week) == [
        (
            Rule.SCHOOL_HOURS,
            False,
            "process meets 3 times in school hours, the first on Mon 1 March 1:00 PM: jordan",
        )
    ]
