"""Service days beyond what a payer agreed to are told, week by week."""

from dataclasses import replace
from datetime import date

from scheduler.planning.problem.plan import Rule
from scheduler.planning.rules.authorisation_rules import authorisations
from scheduler.programs import Authorisation
from tests.planning.week_grid import GROUP, JORDAN, RULES, drawn, evening

THREE_EVENINGS = """
      mon tue wed thu fri
18:00  G   .   G   G   .
"""
TWO_WEEKS = drawn(THREE_EVENINGS, 1, G=GROUP) + drawn(THREE_EVENINGS, 2, G=GROUP)


def found(*agreed: Authorisation, day_minutes_min: int | None = None) -> list[str]:
    rules = replace(RULES, day_minutes_min=day_minutes_min)
    jordan = replace(JORDAN, authorisations=agreed)
    return [
        finding.sentence
        for finding in authorisations(evening(patients=(jordan,), rules=rules), TWO_WEEKS)
    ]


def test_service_day_outside_every_authorisation_is_told() -> None:
    first = Authorisation(date(2027, 3, 1), date(2027, 3, 4), 10)
    second = Authorisation(date(2027, 3, 10), date(2027, 3, 10), 10)

    assert found(first, second) == [
        "no authorisation covers jordan on Mon 8 March and Thu 11 March"
    ]


def test_service_day_after_the_last_unit_is_told() -> None:
    assert found(Authorisation(date(2027, 3, 1), date(2027, 3, 31), 2)) == [
        "no authorisation covers jordan on Thu 4 March",
        "no authorisation covers jordan on Mon 8 March, Wed 10 March and Thu 11 March",
    ]


def test_day_with_too_little_service_needs_none() -> None:
    agreed = Authorisation(date(2027, 3, 1), date(2027, 3, 1), 1)

    assert found(agreed, day_minutes_min=91) == []


def test_patient_of_whom_no_payer_asks_is_told_nothing() -> None:
    assert found() == []


def test_finding_is_soft_and_names_patient_week_and_figure() -> None:
    jordan = replace(JORDAN, authorisations=(Authorisation(JORDAN.first, JORDAN.first, 9),))

    (first, _) = authorisations(evening(patients=(jordan,)), TWO_WEEKS)

    assert (first.rule, first.hard, first.patient) == (Rule.AUTHORISATION, False, "jordan")
    assert (first.week, first.figure) == (1, 2)
