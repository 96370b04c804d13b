"""What is published, judged by the facts of today; the father has no consent and is in nothing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.consents.model.models import Grant
from scheduler.kernel.database import db
from scheduler.people.availability import Absence, Licence, Window
from scheduler.people.models import Clinician, Person
from scheduler.planning import (
    Deed,
    broken_rules,
    propose,
    publish,
    standing_plan,
    still_holds,
    waiting_plan,
    week_hours,
)
from scheduler.planning.problem.plan import Finding, Rule
from scheduler.programs import Authorisation
from scheduler.programs.models import Closure, Cohort, Enrolment
from scheduler.sessions import cancel_sessions, session_by_key
from tests.planning.rows import NOW, clinic, grant, patient, relative
from tests.planning.week_grid import at

FAMILY = "evening.fam.jordan.w1"
WEEK = ("mon", "tue", "wed", "thu", "fri")


def plan_and_publish() -> None:
    """Make what is due true."""
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    db.session.commit()


def broken() -> tuple[Finding, ...]:
    """Return what does not hold a few days before the cohort starts."""
    return broken_rules("evening", now=NOW)


def rules() -> set[str]:
    """Return the names of the broken rules."""
    return {finding.rule.value for finding in broken()}


def person(key: str) -> Person:
    return db.session.scalars(select(Person).where(Person.key == key)).unique().one()


def clinician() -> Clinician:
    found = person("rivera").clinician
    assert found is not None
    return found


def an_absence() -> None:
    day = date.fromisoformat(session_by_key("evening.one.jordan.w2").starts_local[:10])
    clinician().away = (Absence(day, day),)


def a_closure() -> None:
    day = date.fromisoformat(session_by_key("evening.one.jordan.w2").starts_local[:10])
    db.session.add(Closure(first=day, last=day, note="storm"))


def a_discharge() -> None:
    stay = db.session.scalars(select(Enrolment).join(Person).where(Person.key == "noemie")).one()
    stay.last = date(2027, 3, 14)


def an_ended_licence() -> None:
    clinician().licences = (Licence("MA", date(2027, 3, 20)),)


def an_ended_consent() -> None:
    held = db.session.scalars(select(Grant)).one()
    held.revoked_at = NOW
    held.revoked_by = "command"


def a_new_patient() -> None:
    cohort = db.session.scalars(select(Cohort)).one()
    patient("ada", cohort, person("rivera"))


def narrowed_hours() -> None:
    session = session_by_key("evening.one.noemie.w1")
    weekday = date.fromisoformat(session.starts_local[:10]).weekday()
    others = tuple(word for number, word in enumerate(WEEK) if number != weekday)
    person("noemie").free = (Window(others, at("09:00"), at("21:00")),)


def test_what_was_just_published_holds(app: Flask) -> None:
    clinic()
    plan_and_publish()
    assert broken() == ()


def test_a_cohort_of_which_nothing_was_published_breaks_nothing(app: Flask) -> None:
    clinic()
    assert broken() == ()


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (an_absence, {"clinician-away"}),
        (a_closure, {"closed"}),
        (a_discharge, {"stay"}),
        (an_ended_consent, {"consent"}),
        (a_new_patient, {"cadence", "group-seat"}),
        (narrowed_hours, {"patient-free"}),
    ],
)
def test_a_late_fact_breaks_its_rule_until_the_cohort_is_planned_again(
    app: Flask, fact: Callable[[], None], expected: set[str]
) -> None:
    clinic()
    plan_and_publish()

    fact()
    db.session.flush()
    before = rules()
    plan_and_publish()

    assert (before - {"substitute"}, rules() - {"substitute"}) == (expected, set())


def test_an_ended_licence_breaks_its_rule_until_it_is_renewed(app: Flask) -> None:
    clinic()
    plan_and_publish()
    an_ended_licence()
    before = rules()
    clinician().licences = (Licence("MA", date(2028, 6, 30)),)
    assert (before, rules()) == ({"licence", "substitute"}, set())


def test_a_group_without_its_leader_is_told_once_it_was_not_known_before(app: Flask) -> None:
    clinic()
    plan_and_publish()
    clinician().away = (Absence(date(2027, 3, 1), date(2027, 3, 1)),)
    found = [finding for finding in broken() if finding.rule is Rule.SUBSTITUTE]
    assert [finding.session for finding in found] == ["evening.process.2027-03-01"]


def test_a_finding_names_the_session_it_is_about(app: Flask) -> None:
    clinic()
    plan_and_publish()
    an_ended_consent()
    found = [finding for finding in broken() if finding.session == FAMILY]
    assert [(finding.rule, "jordan-mother" in finding.sentence) for finding in found] == [
        (Rule.CONSENT, True)
    ]


def test_another_relative_who_may_come_keeps_the_session(app: Flask) -> None:
    clinic()
    plan_and_publish()
    an_ended_consent()
    jordan = person("jordan")
    aunt = relative("jordan-aunt", jordan, None)
    grant(aunt, jordan)
    assert rules() == set()


def test_a_cancelled_appointment_is_due_again(app: Flask) -> None:
    clinic()
    plan_and_publish()
    cancel_sessions(session_by_key(FAMILY), by="sam", now=NOW)
    assert [(finding.rule, finding.session) for finding in broken()] == [(Rule.CADENCE, FAMILY)]


def test_an_appointment_whose_weeks_are_over_is_owed_no_longer(app: Flask) -> None:
    clinic()
    plan_and_publish()
    cancel_sessions(session_by_key("evening.one.jordan.w1"), by="sam", now=NOW)
    assert broken_rules("evening", now=NOW + timedelta(days=14)) == ()


def test_a_cancelled_group_is_a_decision_and_breaks_nothing(app: Flask) -> None:
    clinic()
    plan_and_publish()
    cancel_sessions(session_by_key("evening.process.2027-03-01"), by="sam", now=NOW)
    assert broken() == ()


def without_time() -> list[str]:
    """Return what is due and has no session that stands."""
    found = standing_plan("evening", now=NOW)
    assert found is not None
    return [unplaced.key for unplaced in found.plan.unplaced]


def test_everything_that_is_due_has_a_time_after_a_publication(app: Flask) -> None:
    clinic()
    plan_and_publish()
    assert without_time() == []


def test_what_is_due_is_counted_by_what_stands_and_not_by_the_plan(app: Flask) -> None:
    clinic()
    plan_and_publish()
    cancelled = ["evening.one.jordan.w2", FAMILY]
    for key in cancelled:
        cancel_sessions(session_by_key(key), by="sam", now=NOW)
    a_new_patient()
    news = [f"evening.one.ada.w{week}" for week in (1, 2, 3, 4)]
    assert sorted(without_time()) == sorted([*cancelled, *news])


def test_hours_are_those_of_the_sessions_that_stand(app: Flask) -> None:
    clinic()
    plan_and_publish()
    cancel_sessions(session_by_key("evening.one.noemie.w2"), by="sam", now=NOW)
    found = standing_plan("evening", now=NOW)
    assert found is not None
    hours = {
        week.week: week.planned
        for week in week_hours(found.problem, found.plan.sessions)
        if week.patient == "noemie"
    }
    assert hours[1] - hours[2] == pytest.approx(50 / 60)


def agreed_through(last: date) -> None:
    """A payer agrees to Noemie's days from the first through `last`."""
    stay = db.session.scalars(select(Enrolment).join(Person).where(Person.key == "noemie")).one()
    stay.authorisations = (Authorisation(date(2027, 3, 1), last, 99),)
    db.session.commit()


def test_authorisation_that_ends_sooner_than_it_was_published_is_told(app: Flask) -> None:
    clinic()
    agreed_through(date(2027, 3, 31))
    plan_and_publish()
    assert broken() == ()

    agreed_through(date(2027, 3, 14))

    assert {(found.rule, found.patient, found.hard) for found in broken()} == {
        (Rule.AUTHORISATION, "noemie", False)
    }
    assert [found.week for found in broken()] == [3, 4]
    assert {each.mend.deed for each in still_holds("evening", now=NOW)} == {Deed.AUTHORISE}


def test_days_no_payer_agreed_to_when_published_break_nothing(app: Flask) -> None:
    clinic()
    agreed_through(date(2027, 3, 14))
    plan_and_publish()

    assert broken() == ()


def test_a_new_patient_lacks_what_is_due_and_a_seat_in_the_groups(app: Flask) -> None:
    clinic()
    plan_and_publish()
    a_new_patient()
    seats = [finding for finding in broken() if finding.rule is Rule.GROUP_SEAT]
    assert [(seat.session, seat.patient, seat.sentence) for seat in seats] == [
        (
            "evening.process.2027-03-01",
            "ada",
            "ada has no seat in Process on Mon 1 March 6:00 PM nor on 11 other days",
        )
    ]


def test_a_patient_who_changed_to_another_cohort_is_outside_of_their_stay(app: Flask) -> None:
    cohort = clinic()
    plan_and_publish()
    other = Cohort(
        key="morning",
        program_id=cohort.program_id,
        starts=cohort.starts,
        leads=cohort.leads,
    )
    db.session.add(other)
    stay = db.session.scalars(select(Enrolment).join(Person).where(Person.key == "noemie")).one()
    db.session.flush()
    stay.cohort_id = other.id
    db.session.flush()
    before = rules()
    plan_and_publish()
    assert (before, rules()) == ({"stay"}, set())


def deeds() -> dict[str, set[Deed]]:
    """Return by rule the deeds that mend it."""
    found: dict[str, set[Deed]] = {}
    for rule in still_holds("evening", now=NOW):
        found.setdefault(rule.finding.rule.value, set()).add(rule.mend.deed)
    return found


def test_each_broken_rule_names_the_deed_that_mends_it(app: Flask) -> None:
    clinic()
    plan_and_publish()
    cancel_sessions(session_by_key(FAMILY), by="sam", now=NOW)
    clinician().away = (Absence(date(2027, 3, 1), date(2027, 3, 1)),)
    a_discharge()
    db.session.flush()
    assert deeds() == {
        "cadence": {Deed.PUT_BACK},
        "substitute": {Deed.SUBSTITUTE},
        "stay": {Deed.PLAN},
    }


def test_a_broken_rule_names_the_people_of_its_session(app: Flask) -> None:
    clinic()
    plan_and_publish()
    an_ended_consent()
    people = [
        rule.people for rule in still_holds("evening", now=NOW) if rule.finding.session == FAMILY
    ]
    assert people == [("rivera", "jordan", "jordan-mother")]


def test_a_cancelled_appointment_has_its_make_up_named(app: Flask) -> None:
    clinic()
    plan_and_publish()
    key = "evening.one.jordan.w2"
    row = session_by_key(key)
    cancel_sessions(row, by="sam", now=NOW)
    found = standing_plan("evening", now=NOW)
    assert found is not None
    offers = found.offers[key]
    days = [offer.day for offer in offers]
    assert (len(offers), len(set(days)), {offer.minutes for offer in offers}) == (3, 3, {50})
    assert all(date(2027, 3, 8) <= day <= date(2027, 3, 14) for day in days)


def test_a_proposal_that_waits_is_laid_over_what_was_decided_since(app: Flask) -> None:
    clinic()
    plan_and_publish()
    a_new_patient()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    cancel_sessions(session_by_key(FAMILY), by="sam", now=NOW)
    found = waiting_plan("evening", now=NOW)
    assert found is not None
    planned = {session.key for session in found.plan.sessions}
    unplaced = [left.key for left in found.plan.unplaced]
    assert (FAMILY in planned, "evening.one.ada.w1" in planned, unplaced) == (
        False,
        True,
        [FAMILY],
    )


def test_a_substitute_that_planning_anew_knows_of_is_told_no_longer(app: Flask) -> None:
    clinic()
    plan_and_publish()
    clinician().away = (Absence(date(2027, 3, 1), date(2027, 3, 1)),)
    db.session.flush()
    before = rules()
    proposal = propose("evening", seconds=5, seed=1, by="command", now=NOW)
    assert (before, proposal, rules()) == ({"substitute"}, None, set())
