"""Nobody in two places; buffers, hours, absences, licences, free time."""

from dataclasses import replace
from datetime import date

from scheduler.people.availability import Absence, Licence
from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.problem.wall_time import instant
from scheduler.planning.rules.people_rules import people
from tests.planning.week_grid import (
    CHEN,
    FAMILY,
    GROUP,
    JORDAN,
    JORDANS,
    LATER,
    NOEMIE,
    NOEMIES,
    RIVERA,
    ZONE,
    at,
    drawn,
    evening,
    window,
)


def rules(problem: Problem, sessions: tuple) -> list[tuple[Rule, bool]]:
    """The rules found, each with whether it is a broken one."""
    return [(one.rule, one.hard) for one in people(problem, sessions)]


def test_people_apart_break_nothing() -> None:
    week = drawn(
        """
              mon tue wed thu fri
        17:00  J   .   .   .   .
        18:00  G   .   G   G   .
        19:30  L   .   L   L   .
        """,
        J=JORDANS,
        G=GROUP,
        L=LATER,
    )
    assert rules(evening(), week) == []


def test_a_clinician_in_two_places_is_named_once() -> None:
    week = drawn(
        """
              mon tue
        12:00  .   JN
        """,
        J=JORDANS,
        N=NOEMIES,
    )
    assert rules(evening(), week) == [(Rule.PERSON_TWICE, True)]


def test_a_patient_in_two_places_is_a_broken_rule() -> None:
    week = drawn(
        """
              mon
        17:00  J
        17:30  K
        """,
        J=JORDANS,
        K=replace(JORDANS, by=("chen",), source="other"),
    )
    assert rules(evening(), week) == [(Rule.PERSON_TWICE, True)]


def test_a_relative_in_two_places_is_a_broken_rule() -> None:
    workshop = replace(
        LATER, source="learn", kind=FAMILY.kind, patients=("noemie",), relatives=("jordan-mother",)
    )
    week = drawn(
        """
              mon thu
        17:00  .   F
        17:30  .   W
        """,
        F=FAMILY,
        W=workshop,
    )
    assert rules(evening(), week) == [(Rule.PERSON_TWICE, True)]


def test_ten_minutes_are_kept_free_after_a_placed_session() -> None:
    drawing = """
              tue
        12:00  J
        12:{}  N
        """
    close = drawn(drawing.format("55"), J=JORDANS, N=NOEMIES)
    assert rules(evening(), close) == [(Rule.BUFFER, True)]
    apart = drawn(drawing.format("50").replace("12:50", "13:00"), J=JORDANS, N=NOEMIES)
    assert rules(evening(), apart) == []


def test_no_buffer_is_asked_between_fixed_slots_of_one_cohort() -> None:
    week = drawn(
        """
              mon
        18:00  G
        19:30  L
        """,
        G=GROUP,
        L=replace(LATER, by=("rivera",)),
    )
    assert rules(evening(), week) == []


def test_a_buffer_is_asked_before_a_fixed_slot() -> None:
    week = drawn(
        """
              mon
        17:15  J
        18:00  G
        """,
        J=replace(JORDANS, minutes=40),
        G=replace(GROUP, patients=("noemie",)),
    )
    assert rules(evening(), week) == [(Rule.BUFFER, True)]


def test_commitments_elsewhere_count() -> None:
    tuesday = date(2027, 3, 2)
    busy = Commitment(
        instant(tuesday, at("12:40"), ZONE), instant(tuesday, at("13:40"), ZONE), ("rivera",)
    )
    week = drawn(
        """
              tue
        12:00  J
        """,
        J=JORDANS,
    )
    assert rules(evening(busy=(busy,)), week) == [(Rule.PERSON_TWICE, True)]


def test_a_leader_taken_elsewhere_needs_a_substitute() -> None:
    monday = date(2027, 3, 1)
    busy = Commitment(
        instant(monday, at("18:30"), ZONE), instant(monday, at("19:00"), ZONE), ("rivera",)
    )
    week = drawn(
        """
              mon
        18:00  G
        """,
        G=GROUP,
    )
    assert rules(evening(busy=(busy,)), week) == [(Rule.SUBSTITUTE, False)]


def test_a_placed_session_outside_hours_is_a_broken_rule() -> None:
    week = drawn(
        """
              tue
        11:30  J
        """,
        J=JORDANS,
    )
    assert rules(evening(), week) == [(Rule.CLINICIAN_HOURS, True)]


def test_a_placed_session_on_a_day_away_is_a_broken_rule() -> None:
    away = replace(RIVERA, away=(Absence(date(2027, 3, 2), date(2027, 3, 2)),))
    week = drawn(
        """
              tue
        12:00  J
        """,
        J=JORDANS,
    )
    assert rules(evening(clinicians=(away, CHEN)), week) == [(Rule.CLINICIAN_AWAY, True)]


def test_a_leader_away_or_outside_hours_needs_a_substitute() -> None:
    away = replace(RIVERA, away=(Absence(date(2027, 3, 1), date(2027, 3, 1)),))
    early = replace(CHEN, hours=(window("mon", "17:00", "20:30"),))
    week = drawn(
        """
              mon
        18:00  G
        19:30  L
        """,
        G=GROUP,
        L=LATER,
    )
    found = list(people(evening(clinicians=(away, early)), week))
    assert [(one.rule, one.hard, one.sentence) for one in found] == [
        (
            Rule.SUBSTITUTE,
            False,
            "process on Mon 1 March 6:00 PM: rivera is away; a substitute is needed",
        ),
        (
            Rule.SUBSTITUTE,
            False,
            "skills on Mon 1 March 7:30 PM: chen is outside their hours; a substitute is needed",
        ),
    ]


def test_a_licence_counts_for_the_patients_state_through_its_last_day() -> None:
    until_tuesday = replace(RIVERA, licences=(Licence("MA", date(2027, 3, 2)),))
    week = drawn(
        """
              tue wed
        12:00  J   N
        """,
        J=JORDANS,
        N=NOEMIES,
    )
    found = list(people(evening(clinicians=(until_tuesday, CHEN)), week))
    assert [(one.rule, one.session) for one in found] == [(Rule.LICENCE, "evening.one.noemie.w1")]


def test_a_leader_without_a_seated_patients_licence_needs_a_substitute() -> None:
    next_door = replace(NOEMIE, state="NH")
    week = drawn(
        """
              mon
        18:00  G
        """,
        G=GROUP,
    )
    assert rules(evening(patients=(JORDAN, next_door)), week) == [(Rule.SUBSTITUTE, False)]


def test_a_patient_is_placed_only_when_free_but_groups_stand() -> None:
    mornings = replace(JORDAN, free=(window("mon tue", "09:00", "12:45"),))
    week = drawn(
        """
              mon tue
        12:00  .   J
        18:00  G   .
        """,
        J=JORDANS,
        G=GROUP,
    )
    assert rules(evening(patients=(mornings, NOEMIE)), week) == [(Rule.PATIENT_FREE, True)]


def test_windows_that_touch_count_as_one() -> None:
    halves = replace(
        JORDAN, free=(window("tue", "12:00", "12:30"), window("tue", "12:30", "13:00"))
    )
    week = drawn(
        """
              tue
        12:00  J
        """,
        J=JORDANS,
    )
    assert rules(evening(patients=(halves, NOEMIE)), week) == []
