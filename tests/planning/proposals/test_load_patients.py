"""Several stays, what one patient alone has or has not, and who waits for a place, from rows to a
plan; the father without consent is in nothing.
"""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.people import person_by_key
from scheduler.planning import broken_rules, propose, publish, standing_plan, stored_plan
from scheduler.planning.problem.plan import Plan, Rule
from scheduler.planning.problem.problem import Patient
from scheduler.planning.proposals.load_problem import load_problem
from scheduler.programs import Appointment, Authorisation, Kind
from scheduler.programs.models import Cohort, Enrolment, FurtherStay
from tests.planning.rows import NOW, clinic
from tests.planning.week_grid import ONE


@pytest.fixture
def evening(app: Flask) -> Cohort:
    return clinic()


def enrolment(key: str) -> Enrolment:
    wanted = select(Enrolment).where(Enrolment.patient_id == person_by_key(key).id)
    return db.session.scalars(wanted).one()


def stays_again(cohort: Cohort, first: date, last: date | None = None) -> None:
    """Let Noemie go on 10 March, and come again."""
    enrolment("noemie").last = date(2027, 3, 10)
    noemie = person_by_key("noemie")
    stay = FurtherStay(patient_id=noemie.id, cohort_id=cohort.id, first=first, last=last)
    db.session.add(stay)
    db.session.flush()


def noemie_in(cohort: str) -> Patient:
    return load_problem(cohort, now=NOW).patient_by_key["noemie"]


def planned(cohort: str) -> Plan:
    """Make a proposal and return its plan."""
    propose(cohort, seconds=5, seed=1, by="command", now=NOW)
    plan = stored_plan(cohort)
    assert plan is not None
    return plan


def summer(evening: Cohort) -> Cohort:
    row = Cohort(
        key="summer",
        program_id=evening.program_id,
        starts=date(2027, 6, 7),
        leads={"process": ("rivera",)},
    )
    db.session.add(row)
    db.session.flush()
    return row


def test_second_stay_in_the_same_cohort_leaves_a_gap(evening: Cohort) -> None:
    stays_again(evening, date(2027, 3, 18))

    noemie = noemie_in("evening")

    assert (noemie.first, noemie.last) == (date(2027, 3, 1), date(2027, 3, 28))
    assert noemie.gaps == ((date(2027, 3, 11), date(2027, 3, 17)),)


def test_stay_that_follows_at_once_leaves_none(evening: Cohort) -> None:
    stays_again(evening, date(2027, 3, 11))

    assert noemie_in("evening").gaps == ()


def test_both_stays_get_their_sessions_when_their_cohorts_are_planned(evening: Cohort) -> None:
    stays_again(summer(evening), date(2027, 6, 14), date(2027, 6, 27))

    weeks = {}
    for cohort in ("evening", "summer"):
        plan = planned(cohort)
        weeks[cohort] = {session.week for session in plan.sessions if "noemie" in session.seated}

    assert weeks == {"evening": {1, 2}, "summer": {2, 3}}


def test_what_the_patient_alone_has_counts_in_every_stay(evening: Cohort) -> None:
    stays_again(summer(evening), date(2027, 6, 7))
    own = Appointment("plan", Kind.INDIVIDUAL, 30, in_weeks=(2,))
    agreed = Authorisation(date(2027, 3, 1), date(2027, 3, 31), 12)
    row = enrolment("noemie")
    row.appointments, row.without, row.authorisations = (own,), ("fam",), (agreed,)
    db.session.flush()
    db.session.expire_all()

    for cohort in ("evening", "summer"):
        noemie = noemie_in(cohort)
        assert (noemie.appointments, noemie.without) == ((own,), ("fam",))
        assert noemie.authorisations == (agreed,)
        assert load_problem(cohort, now=NOW).appointments_of(noemie) == (ONE, own)


def test_who_waits_for_a_place_is_in_no_plan(evening: Cohort) -> None:
    enrolment("noemie").waits = 1
    db.session.flush()

    plan = planned("evening")

    assert {key for session in plan.sessions for key in session.patients} == {"jordan"}
    assert [unplaced for unplaced in plan.unplaced if unplaced.patient == "noemie"] == []


@pytest.mark.parametrize("gone", ["waits", "elsewhere"])
def test_sessions_of_who_is_no_longer_here_break_the_rule_of_the_stay(
    evening: Cohort, gone: str
) -> None:
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    if gone == "waits":
        enrolment("noemie").waits = 1
    else:
        enrolment("noemie").cohort_id = summer(evening).id
    db.session.commit()

    found = broken_rules("evening", now=NOW)

    assert {(finding.rule, finding.patient) for finding in found} == {(Rule.STAY, "noemie")}
    assert standing_plan("evening", now=NOW) is not None
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    db.session.commit()
    assert broken_rules("evening", now=NOW) == ()
