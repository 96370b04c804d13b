"""A consent that ends before the last session is said at planning, while there is time to renew
it.
"""

from dataclasses import replace
from datetime import date

from scheduler.planning.problem.problem import Consent, Problem
from scheduler.planning.rules.consent_lapse import lapses
from scheduler.programs.kinds import Kind
from tests.planning.week_grid import (
    FAMILY,
    JORDAN,
    JORDANS,
    MOTHER,
    NOEMIE,
    consent,
    drawn,
    evening,
)

TWO_DAYS = """
      thu fri
17:00  F   J
"""


def found(*consents: Consent) -> list[str]:
    """What is said when the mother has these consents; her session is on Thursday, Jordan's last on
    Friday.
    """
    mother = replace(MOTHER, consents=consents)
    problem: Problem = evening(
        patients=(replace(JORDAN, relatives=(mother, JORDAN.relatives[1])), NOEMIE)
    )
    return [one.sentence for one in lapses(problem, drawn(TWO_DAYS, F=FAMILY, J=JORDANS))]


def therapy(first: date, last: date) -> Consent:
    return consent(Kind.FAMILY_THERAPY, first, last)


def test_consent_that_ends_between_two_sessions_is_said() -> None:
    assert found(therapy(date(2027, 1, 1), date(2027, 3, 4))) == [
        "the consent for jordan-mother (family session) ends on Thu 4 March 2027, before "
        "jordan's last session on "
        "Fri 5 March: nobody is invited under it from then on"
    ]


def test_consent_through_the_last_day_is_enough() -> None:
    assert found(therapy(date(2027, 1, 1), date(2027, 3, 5))) == []


def test_consent_that_is_renewed_is_not_spoken_of() -> None:
    assert (
        found(
            therapy(date(2027, 1, 1), date(2027, 3, 4)),
            therapy(date(2027, 3, 4), date(2027, 6, 30)),
        )
        == []
    )


def test_consent_for_what_nobody_planned_is_not_spoken_of() -> None:
    whole = therapy(date(2027, 1, 1), date(2027, 6, 30))

    assert found(whole, consent(Kind.CAREGIVER_GROUP, date(2027, 1, 1), date(2027, 3, 4))) == []


def test_father_without_consent_is_not_spoken_of() -> None:
    assert all("father" not in one for one in found(therapy(date(2027, 1, 1), date(2027, 3, 4))))


def test_groups_after_the_stay_ask_for_no_longer_consent() -> None:
    mother = replace(MOTHER, consents=(therapy(date(2027, 1, 1), date(2027, 3, 4)),))
    gone = replace(JORDAN, last=date(2027, 3, 4), relatives=(mother, JORDAN.relatives[1]))
    sessions = drawn(TWO_DAYS, F=FAMILY, J=JORDANS)
    assert list(lapses(evening(patients=(gone, NOEMIE)), sessions)) == []
