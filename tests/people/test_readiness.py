"""Deciding whether a relative is ready. The father, ready or not, needs a consent."""

from datetime import date, timedelta

import pytest

from household import MONDAY, NOW, TODAY, Household
from scheduler.consents import audience, good_grants
from scheduler.kernel.errors import InputError
from scheduler.people import decide_readiness, readiness_of
from scheduler.people.models import Person

BY = {"by": "rivera", "now": NOW}


def is_ready(person: Person, day: date) -> bool:
    assert person.relative is not None
    return person.relative.is_ready(day)


def test_readiness_counts_through_its_last_day(home: Household) -> None:
    decide_readiness(home.mother, ready=True, until=MONDAY, reason="a trial", **BY)

    days = (MONDAY, MONDAY + timedelta(days=1))
    assert [is_ready(home.mother, day) for day in days] == [True, False]


def test_decisions_are_kept_newest_first(home: Household) -> None:
    decide_readiness(home.mother, ready=False, reason="first", by="rivera", now=NOW)
    later = NOW + timedelta(hours=1)
    decide_readiness(home.mother, ready=True, reason="then", by="sam", now=later)

    kept = [(row.ready, row.reason, row.decided_by) for row in readiness_of(home.mother)]
    assert kept == [(True, "then", "sam"), (False, "first", "rivera")]


def test_session_after_the_last_day_has_no_such_audience(home: Household) -> None:
    home.consent()
    before = home.appointment(0)
    after = home.appointment(1, week=2)
    decide_readiness(home.mother, ready=True, until=MONDAY, reason="a trial", **BY)
    decide_readiness(home.father, ready=True, reason="asked", **BY)

    told = [{each.person.key for each in audience(row, now=NOW)} for row in (before, after)]
    assert told == [{"p-1", "rivera", "p-1-mother"}, {"p-1", "rivera"}]


def test_nothing_may_be_known_once_readiness_has_ended(home: Household) -> None:
    home.consent()
    decide_readiness(home.mother, ready=True, until=TODAY, reason="a trial", **BY)

    known = [good_grants(home.mother, now=NOW + timedelta(days=days)) for days in (0, 2)]
    assert [len(grants) for grants in known] == [1, 0]


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        ({"ready": True, "reason": " "}, "say why"),
        ({"ready": True, "reason": "x", "until": TODAY - timedelta(days=1)}, "only somebody"),
        ({"ready": False, "reason": "x", "until": MONDAY}, "only somebody"),
    ],
)
def test_decision_without_sense_is_refused(
    home: Household, said: dict[str, object], complaint: str
) -> None:
    with pytest.raises(InputError, match=complaint):
        decide_readiness(home.mother, **said, **BY)  # type: ignore[arg-type]


def test_patient_has_no_readiness(home: Household) -> None:
    with pytest.raises(InputError, match="no relative"):
        decide_readiness(home.jordan, ready=True, reason="x", **BY)
