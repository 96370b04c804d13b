"""A proposal becomes sessions, by key; publishing again changes only what differs."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.people.availability import Window
from scheduler.people.models import Person
from scheduler.planning import begin, keep, make_plan, propose, publish
from scheduler.planning.problem.plan import Rule, from_document
from scheduler.programs.models import Closure, Cohort, Enrolment
from scheduler.sessions.models import Session, Status
from tests.planning.rows import NOW, clinic, patient


def plan(seed: int = 1) -> None:
    """Propose the evening cohort."""
    propose("evening", seconds=5, seed=seed, by="command", now=NOW)


def rows() -> dict[str, Session]:
    """All sessions by key."""
    return {one.key: one for one in db.session.scalars(select(Session)).unique()}


def test_every_planned_session_becomes_one(app: Flask) -> None:
    clinic()
    plan()
    published = publish("evening", by="command", now=NOW)
    db.session.commit()
    found = rows()
    assert found.keys() == {one.key for one in published.plan.sessions}
    family = found["evening.fam.jordan.w1"]
    assert ([one.key for one in family.leads], [one.key for one in family.patients]) == (
        ["rivera"],
        ["jordan"],
    )
    assert (family.status, family.version, family.zone) == (Status.SCHEDULED, 0, "America/New_York")
    assert family.ends_at - family.starts_at == timedelta(minutes=60)


def test_planning_the_same_again_proposes_nothing(app: Flask) -> None:
    clinic()
    plan()
    publish("evening", by="command", now=NOW)
    again = propose("evening", seconds=5, seed=2, by="command", now=NOW)
    assert (again, {row.version for row in rows().values()}) == (None, {0})


def test_a_closure_moves_only_what_falls_on_it(app: Flask) -> None:
    clinic()
    plan()
    publish("evening", by="command", now=NOW)
    before = {key: one.starts_at for key, one in rows().items()}
    closed = next(one for one in rows().values() if one.kind == "individual" and one.week == 2)
    day = date.fromisoformat(closed.starts_local[:10])
    db.session.add(Closure(first=day, last=day, note="storm"))
    db.session.flush()
    plan()
    changes = publish("evening", by="command", now=NOW).difference
    found = rows()
    touched = {one.key for one in changes.cancelled} | {pair[1].key for pair in changes.moved}
    assert touched == {key for key, at in before.items() if (at - timedelta(hours=5)).date() == day}
    assert {key for key, one in found.items() if one.version} == touched


def test_a_discharged_patients_appointments_fall_out_and_come_back(app: Flask) -> None:
    clinic()
    plan()
    publish("evening", by="command", now=NOW)
    stay = db.session.scalars(select(Enrolment).join(Person).where(Person.key == "noemie")).one()
    stay.last = date(2027, 3, 7)
    plan()
    publish("evening", by="command", now=NOW)
    gone = [f"evening.one.noemie.w{week}" for week in (2, 3, 4)]
    assert [rows()[key].status for key in gone] == [Status.CANCELLED] * 3
    stay.last = None
    plan()
    publish("evening", by="command", now=NOW)
    assert [(rows()[key].status, rows()[key].version) for key in gone] == [
        (Status.SCHEDULED, 2)
    ] * 3


def test_a_late_patient_joins_groups_and_moves_nobody(app: Flask) -> None:
    cohort = clinic()
    plan()
    publish("evening", by="command", now=NOW)
    before = {key: one.starts_at for key, one in rows().items()}
    rivera = db.session.scalars(select(Person).where(Person.key == "rivera")).unique().one()
    late = patient("late", cohort, rivera)
    stay = db.session.scalars(select(Enrolment).where(Enrolment.patient_id == late.id)).one()
    stay.first = date(2027, 3, 15)
    db.session.flush()
    plan()
    changes = publish("evening", by="command", now=NOW).difference
    assert {one.key for one in changes.added} == {"evening.one.late.w3", "evening.one.late.w4"}
    assert (changes.moved, changes.cancelled) == ((), ())
    assert {key: rows()[key].starts_at for key in before} == before


def test_history_is_left_alone(app: Flask) -> None:
    clinic()
    plan()
    publish("evening", by="command", now=NOW)
    later = NOW + timedelta(days=14)
    stay = db.session.scalars(select(Enrolment).join(Person).where(Person.key == "noemie")).one()
    stay.last = date(2027, 3, 1)
    propose("evening", seconds=5, seed=1, by="command", now=later)
    publish("evening", by="command", now=later)
    assert rows()["evening.one.noemie.w1"].status is Status.SCHEDULED
    assert rows()["evening.one.noemie.w4"].status is Status.CANCELLED


def test_a_proposal_that_no_longer_holds_is_not_published(app: Flask) -> None:
    clinic()
    plan()
    rivera = db.session.scalars(select(Person).where(Person.key == "rivera")).unique().one()
    rivera.free = (Window(("sun",), 0, 60),)
    db.session.flush()
    with pytest.raises(Conflict, match="no longer holds, plan again: rivera does not work at"):
        publish("evening", by="command", now=NOW)


def test_without_a_proposal_there_is_nothing_to_publish(app: Flask) -> None:
    clinic()
    with pytest.raises(InputError, match="no open proposal for evening"):
        publish("evening", by="command", now=NOW)


def test_leader_of_two_groups_at_once_needs_a_substitute_before_the_second_is_published(
    app: Flask,
) -> None:
    """The planner lets a fixed slot stand where its leader leads another cohort's; nobody can be in
    both.
    """
    row = clinic()
    plan()
    publish("evening", by="command", now=NOW)
    db.session.add(
        Cohort(key="late", program_id=row.program_id, starts=row.starts, leads=row.leads)
    )
    db.session.commit()
    said = from_document(propose("late", seconds=1, seed=1, by="command", now=NOW).plan)
    db.session.commit()

    assert {one.rule for one in said.findings if "two places" in one.sentence} == {Rule.SUBSTITUTE}
    with pytest.raises(
        Conflict, match=r"evening\.process\..* and late\.process\..* would bind the same person"
    ):
        publish("late", by="command", now=NOW)
    db.session.rollback()
    assert {key.split(".")[0] for key in rows()} == {"evening"}


def test_two_appointments_that_change_places_are_published(app: Flask) -> None:
    """On the way one stands where the other still is: only what is left at the end counts."""
    clinic()
    plan()
    publish("evening", by="command", now=NOW)
    db.session.commit()
    task = begin("evening", now=NOW)
    proposal = make_plan(task.problem, seconds=1, seed=1)
    one, other = (
        one
        for one in proposal.sessions
        if one.key in ("evening.one.jordan.w2", "evening.one.noemie.w2")
    )
    times = [
        {name: getattr(each, name) for name in ("day", "at", "start", "end")}
        for each in (other, one)
    ]
    swapped = {
        each.key: replace(each, **place) for each, place in zip((one, other), times, strict=True)
    }
    sessions = tuple(swapped.get(each.key, each) for each in proposal.sessions)
    keep(task, replace(proposal, sessions=sessions), seed=1, by="command", now=NOW)

    publish("evening", by="command", now=NOW)
    db.session.commit()
    found = rows()
    assert [found[each.key].starts_at for each in (one, other)] == [other.start, one.start]
