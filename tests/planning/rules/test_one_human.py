"""A human with several rows in two places is a broken rule that names one row and one session."""

from dataclasses import replace

from scheduler.planning.problem.plan import PlannedSession, Rule
from scheduler.planning.problem.problem import Commitment, Problem
from scheduler.planning.rules.humans.one_human import humans
from scheduler.planning.rules.judge import judge
from tests.planning.week_grid import (
    FAMILY,
    FATHER,
    GROUP,
    JORDAN,
    MOTHER,
    NOEMIE,
    NOEMIES,
    Piece,
    drawn,
    evening,
    plan_of,
)

AUNT = replace(MOTHER, key="noemie-aunt")
NOEMIES_FAMILY = replace(FAMILY, patients=("noemie",), relatives=("noemie-aunt",), by=("chen",))


def two_families(**bodies: str) -> Problem:
    """The evening cohort in which Noemie has an aunt who is Jordan's mother."""
    noemie = replace(NOEMIE, relatives=(AUNT, replace(FATHER, key="noemie-father")))
    said = {key.replace("_", "-"): body for key, body in bodies.items()}
    return evening(patients=(JORDAN, noemie), bodies=said)


ONE = {"jordan_mother": "dana", "noemie_aunt": "dana"}


def week(**letters: Piece) -> tuple[PlannedSession, ...]:
    return drawn(
        """
              mon tue wed thu fri
        16:00  .   J   .   .   .
        16:30  .   N   .   .   .
        """,
        **letters,
    )


def test_mother_of_two_in_two_sessions_is_named_by_one_of_them() -> None:
    found = list(humans(two_families(**ONE), week(J=FAMILY, N=NOEMIES_FAMILY)))

    assert [(one.rule, one.hard, one.session) for one in found] == [
        (Rule.PERSON_TWICE, True, "evening.fam.noemie.w1")
    ]
    assert found[0].sentence == (
        "noemie-aunt has another appointment at the time of evening.fam.noemie.w1 on "
        "Tue 2 March 4:30 PM"
    )


def test_two_humans_break_nothing() -> None:
    assert list(humans(two_families(), week(J=FAMILY, N=NOEMIES_FAMILY))) == []


def test_patient_who_is_anothers_brother_is_named_by_the_appointment_not_the_group() -> None:
    problem = two_families(jordan_mother="n", noemie="n")
    group = replace(GROUP, patients=("noemie",), by=("chen",))
    found = list(humans(problem, week(J=group, N=FAMILY)))

    assert [one.session for one in found] == ["evening.fam.jordan.w1"]


def test_group_stands_where_the_human_is_counted_on_elsewhere_as_a_guest() -> None:
    group = replace(GROUP, patients=("noemie",))
    sessions = week(J=group, N=NOEMIES)[:1]
    elsewhere = Commitment(
        sessions[0].start,
        sessions[0].end,
        ("noemie",),
        takes_room=False,
        of_selves=True,
        as_guests=True,
    )
    problem = replace(two_families(noemie="n"), busy=(elsewhere,))

    assert list(humans(problem, sessions)) == []
    seat = replace(elsewhere, as_guests=False)
    assert [one.session for one in humans(replace(problem, busy=(seat,)), sessions)] == [
        sessions[0].key
    ]


def test_what_stands_elsewhere_by_another_row_is_told_once() -> None:
    sessions = week(J=FAMILY, N=NOEMIES)[:1]
    elsewhere = Commitment(
        sessions[0].start,
        sessions[0].end,
        ("jordan-mother",),
        takes_room=False,
        about="another appointment",
        of_selves=True,
        as_guests=True,
    )
    problem = replace(two_families(jordan_mother="dana"), busy=(elsewhere,))
    found = [one for one in judge(problem, plan_of(problem, sessions)) if one.hard]

    assert [one.rule for one in found if one.rule is Rule.PERSON_TWICE] == [Rule.PERSON_TWICE]
