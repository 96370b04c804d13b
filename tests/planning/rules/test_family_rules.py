"""Who of a family is let into a session: consent at its end, readiness, free time."""

from dataclasses import replace
from datetime import date

from scheduler.planning.problem.plan import Rule
from scheduler.planning.problem.problem import Problem
from scheduler.planning.rules.family_rules import family
from scheduler.programs.kinds import Kind
from tests.planning.week_grid import (
    FAMILY,
    GROUP,
    JORDAN,
    JORDANS,
    MOTHER,
    NOEMIE,
    consent,
    drawn,
    evening,
)

THURSDAY = """
      thu
17:00  F
"""


def rules(problem: Problem, sessions: tuple) -> list[Rule]:
    """The names of the rules found."""
    return [one.rule for one in family(problem, sessions)]


def with_mother(**changes: object) -> Problem:
    """The evening cohort with a changed mother."""
    mother = replace(MOTHER, **changes)  # type: ignore[arg-type]
    return evening(patients=(replace(JORDAN, relatives=(mother, JORDAN.relatives[1])), NOEMIE))


def test_a_consenting_ready_free_mother_may_be_there() -> None:
    assert rules(evening(), drawn(THURSDAY, F=FAMILY)) == []


def test_a_father_without_consent_may_not() -> None:
    both = replace(FAMILY, relatives=("jordan-mother", "jordan-father"))
    assert rules(evening(), drawn(THURSDAY, F=both)) == [Rule.CONSENT]


def test_a_consent_for_another_kind_is_none() -> None:
    problem = with_mother(
        consents=(consent(Kind.FAMILY_WORKSHOP, date(2027, 1, 1), date(2027, 6, 30)),)
    )
    assert rules(problem, drawn(THURSDAY, F=FAMILY)) == [Rule.CONSENT]


def test_a_consent_holds_through_its_last_day_and_not_after() -> None:
    thursday = (consent(Kind.FAMILY_THERAPY, date(2027, 1, 1), date(2027, 3, 4)),)
    assert rules(with_mother(consents=thursday), drawn(THURSDAY, F=FAMILY)) == []
    wednesday = (consent(Kind.FAMILY_THERAPY, date(2027, 1, 1), date(2027, 3, 3)),)
    assert rules(with_mother(consents=wednesday), drawn(THURSDAY, F=FAMILY)) == [Rule.CONSENT]


def test_a_consent_signed_for_later_is_void_until_then() -> None:
    friday = (consent(Kind.FAMILY_THERAPY, date(2027, 3, 5), date(2027, 6, 30)),)
    assert rules(with_mother(consents=friday), drawn(THURSDAY, F=FAMILY)) == [Rule.CONSENT]


def test_a_relative_not_found_ready_may_not_come() -> None:
    assert rules(with_mother(ready=False), drawn(THURSDAY, F=FAMILY)) == [Rule.RELATIVE_READY]


def test_a_relatives_hours_are_wall_time_of_their_own_zone() -> None:
    early = drawn(
        """
              thu
        16:00  F
        """,
        F=FAMILY,
    )
    assert rules(evening(), early) == [Rule.RELATIVE_FREE]


def test_family_therapy_without_a_relative_is_none() -> None:
    assert rules(evening(), drawn(THURSDAY, F=replace(FAMILY, relatives=()))) == [
        Rule.FAMILY_NEEDED
    ]


def test_no_relative_sits_in_an_individual_session() -> None:
    assert rules(evening(), drawn(THURSDAY, F=replace(JORDANS, relatives=("jordan-mother",)))) == [
        Rule.CONSENT
    ]


def test_a_relative_of_another_patient_may_not_come() -> None:
    stranger = replace(FAMILY, patients=("noemie",))
    assert rules(evening(), drawn(THURSDAY, F=stranger)) == [Rule.CONSENT]


def test_a_multi_family_group_asks_for_consent_to_others_and_a_relative_for_each_patient() -> None:
    multi = replace(
        GROUP, kind=Kind.MULTI_FAMILY_GROUP, patients=("jordan",), relatives=("jordan-mother",)
    )
    quiet = (consent(Kind.MULTI_FAMILY_GROUP, date(2027, 1, 1), date(2027, 6, 30)),)
    open_to_others = (
        consent(Kind.MULTI_FAMILY_GROUP, date(2027, 1, 1), date(2027, 6, 30), others=True),
    )
    assert rules(with_mother(consents=quiet), drawn(THURSDAY, F=multi)) == [Rule.CONSENT]
    assert rules(with_mother(consents=open_to_others), drawn(THURSDAY, F=multi)) == []
    alone = replace(multi, patients=("jordan", "noemie"))
    assert rules(with_mother(consents=open_to_others), drawn(THURSDAY, F=alone)) == [Rule.CONSENT]
