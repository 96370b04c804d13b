"""A plan is looked at whenever a fact of its cohort changes; what no longer holds is a task that
goes away by itself. The father has no consent: he is in nothing.
"""

from dataclasses import replace
from datetime import date, timedelta

from flask import Flask
from sqlalchemy import select

from scheduler import audit, tasks
from scheduler.admissions import discharge, stay_to_end
from scheduler.consents import revoke
from scheduler.kernel.database import db
from scheduler.people import contact_of, decide_readiness, edit_contact, person_by_key
from scheduler.people.models import Person
from scheduler.planning import KIND, PlanToMend, follow_facts, plans_to_mend, propose, publish
from scheduler.planning.proposals.models import PlanLook
from scheduler.programs.models import Closure, Cohort, FurtherStay
from scheduler.sessions import cancel_sessions, put_back, session_by_key
from tests.planning.rows import NOW, clinic, patient

ONE = "evening.one.jordan.w2"


def published() -> Cohort:
    """Publish the evening, and let the worker have looked at it once."""
    cohort = clinic()
    propose("evening", seconds=5, seed=1, by="command", now=NOW)
    publish("evening", by="command", now=NOW)
    follow_facts(by="worker", now=NOW)
    db.session.commit()
    return cohort


def look() -> int:
    """Let the worker come by; return how many plans it looked at."""
    looked = follow_facts(by="worker", now=NOW)
    db.session.commit()
    return looked


def open_tasks() -> list[str]:
    return [task.words for task in tasks.open_tasks(kind=KIND)]


def words(figures: str) -> list[str]:
    return [
        f"Something changed: published sessions of evening now break rules ({figures}). Its page "
        "names each with what mends it."
    ]


def another_cohort(beside: Cohort) -> Cohort:
    """Publish a second cohort with people of its own."""
    chen = Person(key="chen", kind=person_by_key("rivera").kind, name="Chen", email="c@hl.example")
    db.session.add(chen)
    db.session.flush()
    rivera = person_by_key("rivera").clinician
    assert rivera is not None
    db.session.add(
        type(rivera)(
            person_id=chen.id,
            roles=rivera.roles,
            licences=rivera.licences,
            buffer=10,
            away=(),
        )
    )
    other = Cohort(
        key="morning",
        program_id=beside.program_id,
        starts=beside.starts,
        leads={"process": ("chen",)},
    )
    db.session.add(other)
    db.session.flush()
    patient("tess", other, chen)
    propose("morning", seconds=5, seed=1, by="command", now=NOW)
    publish("morning", by="command", now=NOW)
    follow_facts(by="worker", now=NOW)
    db.session.commit()
    return other


def test_a_plan_that_holds_is_no_task_and_is_looked_at_once(app: Flask) -> None:
    published()
    assert (look(), open_tasks()) == (0, [])


def test_a_cancelled_appointment_is_a_task_until_it_is_put_back(app: Flask) -> None:
    published()
    cancel_sessions(session_by_key(ONE), by="sam", now=NOW)
    looked, during = look(), open_tasks()
    put_back(session_by_key(ONE), by="sam", now=NOW)
    again, after = look(), open_tasks()
    assert (looked, during, again, after) == (1, words("1: cadence"), 1, [])


def test_a_withdrawn_consent_is_seen_by_itself(app: Flask) -> None:
    published()
    revoke(
        person=person_by_key("jordan-mother"),
        patient=person_by_key("jordan"),
        by="sam",
        now=NOW,
    )
    assert (look(), open_tasks()) == (1, words("2: consent"))


def test_a_relative_found_not_ready_is_seen_by_itself(app: Flask) -> None:
    published()
    mother = person_by_key("jordan-mother")
    decide_readiness(mother, ready=False, reason="asked to wait", by="rivera", now=NOW)
    assert (look(), open_tasks()) == (1, words("2: relative-ready"))


def test_a_discharge_and_a_new_zone_are_seen_by_themselves(app: Flask) -> None:
    published()
    jordan, mother = person_by_key("jordan"), person_by_key("jordan-mother")
    edit_contact(
        mother,
        replace(contact_of(mother), zone="Europe/Madrid"),
        by="rivera",
        now=NOW,
    )
    moved = look()
    stay = stay_to_end(jordan)
    assert stay is not None
    discharge(jordan, stay.first + timedelta(days=6), by="rivera", now=NOW)
    assert (moved, look()) == (1, 1)


def test_a_fact_of_one_cohort_lets_only_its_plan_be_looked_at(app: Flask) -> None:
    another_cohort(published())
    cancel_sessions(session_by_key(ONE), by="sam", now=NOW)
    looked = look()
    audit.append("clinic.changed", "clinician chen", {}, by="command", now=NOW)
    of_the_other = look()
    audit.append("clinic.changed", "closures", {}, by="command", now=NOW)
    assert (looked, of_the_other, look()) == (1, 1, 2)


def test_a_deed_that_changes_no_fact_costs_no_look(app: Flask) -> None:
    published()
    audit.append("people.sign_in", "person rivera", {}, by="rivera", now=NOW)
    assert look() == 0


def test_every_plan_is_looked_at_once_a_day(app: Flask) -> None:
    published()
    tomorrow = NOW + timedelta(days=1)
    first = follow_facts(by="worker", now=tomorrow)
    again = follow_facts(by="worker", now=tomorrow)
    assert (first, again) == (1, 0)


def test_more_that_breaks_is_a_task_of_its_own(app: Flask) -> None:
    published()
    cancel_sessions(session_by_key(ONE), by="sam", now=NOW)
    look()
    (task,) = tasks.open_tasks(kind=KIND)
    tasks.finish_task(task.id, by="sam", now=NOW)
    quiet = (look(), open_tasks())
    cancel_sessions(session_by_key("evening.one.noemie.w2"), by="sam", now=NOW)
    assert (quiet, look(), open_tasks()) == ((0, []), 1, words("2: cadence"))


def test_a_cohort_that_is_over_is_looked_at_no_more(app: Flask) -> None:
    published()
    cancel_sessions(session_by_key(ONE), by="sam", now=NOW)
    look()
    follow_facts(by="worker", now=NOW + timedelta(days=90))
    assert (open_tasks(), db.session.scalars(select(PlanLook)).all()) == ([], [])


def to_mend() -> list[tuple[str, int]]:
    found: list[PlanToMend] = plans_to_mend(now=NOW)
    return [(plan.cohort, len(plan.broken)) for plan in found]


def test_what_is_to_be_mended_is_known_before_the_worker_comes_by(app: Flask) -> None:
    published()
    before = to_mend()
    cancel_sessions(session_by_key(ONE), by="sam", now=NOW)
    during = to_mend()
    look()
    put_back(session_by_key(ONE), by="sam", now=NOW)
    assert (before, during, to_mend()) == ([], [("evening", 1)], [])


def test_a_closure_is_seen_when_the_clinic_file_said_so(app: Flask) -> None:
    published()
    day = date.fromisoformat(session_by_key(ONE).starts_local[:10])
    db.session.add(Closure(first=day, last=day, note="storm"))
    audit.append("clinic.changed", "closures", {}, by="command", now=NOW)
    assert (look(), [task.kind for task in tasks.open_tasks()]) == (1, [KIND])


def test_a_second_stay_lets_both_its_cohorts_be_looked_at(app: Flask) -> None:
    evening = published()
    another_cohort(evening)
    noemie = person_by_key("noemie")
    morning = db.session.scalars(select(Cohort).where(Cohort.key == "morning")).one()
    stay = FurtherStay(patient_id=noemie.id, cohort_id=morning.id, first=date(2027, 3, 29))
    db.session.add(stay)
    audit.append("clinic.changed", "other stays of noemie", {}, by="command", now=NOW)
    db.session.commit()

    assert look() == 2
