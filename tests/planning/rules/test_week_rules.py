"""Too much in a day or week is a broken rule; too little is reported with patient, week and
figure.
"""

from dataclasses import replace
from datetime import date

from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.week_rules import weeks
from scheduler.programs.template import HourCounts, Phase
from tests.planning.week_grid import (
    GROUP,
    JORDAN,
    JORDANS,
    LATER,
    NOEMIE,
    RULES,
    Piece,
    drawn,
    evening,
)

LOW = replace(RULES, week_hours_min=0, week_days_min=None)

THREE_EVENINGS = """
      mon tue wed thu fri
17:00  J   .   .   .   .
18:00  G   .   G   G   .
19:30  L   .   L   L   .
"""
LETTERS = {"J": JORDANS, "G": GROUP, "L": LATER}


def found(problem: Problem, *drawings: tuple) -> list[tuple]:
    """Rule, week and figure of each finding about Jordan."""
    sessions = tuple(one for drawing in drawings for one in drawing)
    return [
        (one.rule, one.week, one.figure)
        for one in weeks(problem, sessions)
        if one.patient == "jordan"
    ]


def one_week(**rules: object) -> Problem:
    """The evening cohort for a stay of one week."""
    stay = replace(JORDAN, last=date(2027, 3, 7))
    return evening(patients=(stay,), rules=replace(LOW, **rules))  # type: ignore[arg-type]


def test_four_hours_by_the_clock_include_the_short_break() -> None:
    week = drawn(THREE_EVENINGS, **LETTERS)
    assert found(one_week(day_hours_max=4), week) == []
    assert found(one_week(day_hours_max=3.9), week) == [(Rule.DAY_HOURS_MAX, 1, 4.0)]


def test_a_break_of_more_than_half_an_hour_does_not_count() -> None:
    week = drawn(
        """
              mon
        16:00  J
        18:00  G
        """,
        **LETTERS,
    )
    assert found(one_week(day_hours_max=2.3), week) == [(Rule.DAY_HOURS_MAX, 1, 140 / 60)]


def test_net_counts_sessions_alone() -> None:
    week = drawn(THREE_EVENINGS, **LETTERS)
    assert found(one_week(hour_counts=HourCounts.NET, day_hours_max=3.8), week) == [
        (Rule.DAY_HOURS_MAX, 1, 230 / 60)
    ]


def test_units_are_half_units_of_25_minutes_rounded_down_a_session() -> None:
    week = drawn(
        """
              mon
        12:00  J
        14:00  S
        """,
        J=JORDANS,
        S=replace(JORDANS, source="short", minutes=45),
    )
    assert found(one_week(hour_counts=HourCounts.UNITS, day_hours_max=1), week) == [
        (Rule.DAY_HOURS_MAX, 1, 1.5)
    ]


def test_too_many_hours_a_week_break_a_rule() -> None:
    week = drawn(THREE_EVENINGS, **LETTERS)
    assert found(one_week(week_hours_max=9), week) == [(Rule.WEEK_HOURS_MAX, 1, 10.0)]


def test_too_few_hours_are_a_fact_not_a_broken_rule() -> None:
    week = drawn(
        """
              mon wed
        18:00  G   G
        19:30  L   L
        """,
        **LETTERS,
    )
    problem = one_week(week_hours_min=9, week_days_min=3)
    said = list(weeks(problem, week))
    assert [(one.rule, one.hard, one.sentence) for one in said] == [
        (Rule.WEEK_HOURS_MIN, False, "jordan has 6 of at least 9 hours in week 1"),
        (Rule.WEEK_DAYS_MIN, False, "jordan has 2 of at least 3 days in week 1"),
    ]


def test_a_day_below_the_minutes_asked_is_no_service_day() -> None:
    week = drawn(
        """
              mon tue wed
        17:00  .   J   .
        18:00  G   .   G
        19:30  L   .   L
        """,
        **LETTERS,
    )
    assert found(one_week(week_days_min=3), week) == []
    assert found(one_week(week_days_min=3, day_minutes_min=60), week) == [
        (Rule.WEEK_DAYS_MIN, 1, 2)
    ]


def test_days_without_service_between_two_service_days() -> None:
    week = drawn(
        """
              mon thu
        18:00  G   G
        """,
        **LETTERS,
    )
    assert found(one_week(days_gap_max=2), week) == []
    assert found(one_week(days_gap_max=1), week) == [(Rule.DAYS_GAP_MAX, 1, 2)]


def test_what_seats_only_families_is_no_hour_of_the_patient() -> None:
    workshop = Piece("learn", kind=GROUP.kind.FAMILY_WORKSHOP, patients=("jordan",), fixed=True)
    week = drawn(
        """
              mon
        18:00  W
        """,
        W=workshop,
    )
    assert found(one_week(week_hours_min=1), week) == [(Rule.WEEK_HOURS_MIN, 1, 0.0)]


def test_a_week_partly_stayed_says_so() -> None:
    late = replace(JORDAN, first=date(2027, 3, 3), last=date(2027, 3, 7))
    problem = evening(patients=(late,), rules=replace(LOW, week_hours_min=9))
    assert [one.sentence for one in weeks(problem, ())] == [
        "jordan has 0 of at least 9 hours in week 1 (the stay covers 3 of its weekdays)"
    ]


STEP_DOWN = (Phase("Full", 1, 2, 9, 19), Phase("Step-down", 3, 4, 3, 5))
ONE_EVENING = """
      mon tue wed thu fri
18:00  G   .   .   .   .
19:30  L   .   .   .   .
"""


def stepping_down(**rules: object) -> Problem:
    """The evening cohort, its last two weeks a step-down."""
    problem = evening(patients=(JORDAN,), rules=replace(LOW, **rules))  # type: ignore[arg-type]
    return replace(problem, template=replace(problem.template, phases=STEP_DOWN))


def test_phase_has_hours_of_its_own() -> None:
    weeks_of_stay = [
        drawn(THREE_EVENINGS, 1, **LETTERS),
        drawn(ONE_EVENING, 2, **LETTERS),
        drawn(ONE_EVENING, 3, **LETTERS),
        drawn(THREE_EVENINGS, 4, **LETTERS),
    ]
    assert found(stepping_down(), *weeks_of_stay) == [
        (Rule.WEEK_HOURS_MAX, 4, 10.0),
        (Rule.WEEK_HOURS_MIN, 2, 3.0),
    ]


def test_sentence_of_a_phase_names_its_own_limit() -> None:
    sessions = drawn(THREE_EVENINGS, 4, **LETTERS)
    said = [finding.sentence for finding in weeks(stepping_down(), sessions) if finding.hard]
    assert said == ["jordan has 10 hours in week 4, more than 5"]


def test_week_between_two_stays_is_asked_for_nothing() -> None:
    away = replace(JORDAN, gaps=((date(2027, 3, 8), date(2027, 3, 14)),))
    problem = evening(patients=(away,), rules=replace(RULES, week_days_min=None))
    short = [(rule, week) for rule, week, _ in found(problem)]
    assert short == [(Rule.WEEK_HOURS_MIN, week) for week in (1, 3, 4)]


def test_groups_after_the_stay_count_for_nobody_who_left() -> None:
    gone = replace(JORDAN, last=date(2027, 3, 2))
    rules = replace(LOW, day_hours_max=2, week_hours_min=9)
    problem = evening(patients=(gone, NOEMIE), rules=rules)
    short = replace(GROUP, patients=("jordan",))
    week = drawn(THREE_EVENINGS, J=JORDANS, G=short, L=replace(short, source="skills"))
    assert [
        finding.sentence for finding in weeks(problem, week) if finding.patient == "jordan"
    ] == [
        "jordan has 4 hours on Mon 1 March, more than 2",
        "jordan has 4 of at least 9 hours in week 1 (the stay covers 2 of its weekdays)",
    ]


def test_no_gap_is_counted_between_groups_after_the_stay() -> None:
    gone = replace(JORDAN, last=date(2027, 3, 2))
    problem = evening(patients=(gone,), rules=replace(LOW, days_gap_max=1))
    week = drawn(THREE_EVENINGS, J=JORDANS, G=replace(GROUP, patients=("jordan",)), L=LATER)
    assert found(problem, week) == []
