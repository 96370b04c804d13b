"""What a person cancelled or moved stays so in every later proposal, until it is put back. The
father has no consent: he is in nothing.
"""

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people.models import Person
from scheduler.planning import discard, propose, publish, published_already
from scheduler.planning.problem.plan import from_document
from scheduler.planning.proposals.models import Proposal
from scheduler.programs.models import Closure, Cohort, Enrolment
from scheduler.sessions import (
    cancel_sessions,
    changed,
    edit_sessions,
    put_back,
    session_by_key,
    snapshot,
    undo_change,
)
from scheduler.sessions.models import Session, Status
from tests.planning.rows import NOW, clinic, patient

ONE = "evening.one.jordan.w2"
GROUP = "evening.process.2027-03-08"


def plan() -> Proposal | None:
    return propose("evening", seconds=5, seed=1, by="command", now=NOW)


def plan_and_publish() -> None:
    """Make what is due true, where there is anything new."""
    if plan() is not None:
        publish("evening", by="command", now=NOW)
    db.session.commit()


def something_new() -> None:
    """Let the next proposal have something to change: a patient comes."""
    cohort = db.session.scalars(select(Cohort)).one()
    rivera = db.session.scalars(select(Person).where(Person.key == "rivera")).unique().one()
    patient(f"new-{db.session.query(Enrolment).count()}", cohort, rivera)


def place(key: str) -> tuple[str, int, Status]:
    db.session.expire_all()
    row = session_by_key(key)
    return row.starts_local, row.minutes, row.status


def later(key: str, hours: int = 1) -> str:
    """Move a session by hand and return where it lies then."""
    row = session_by_key(key)
    to = datetime.fromisoformat(row.starts_local) + timedelta(hours=hours)
    edit_sessions(row, to=to, by="sam", now=NOW)
    return row.starts_local


def published() -> None:
    clinic()
    plan_and_publish()


def free_hour_of(key: str) -> datetime:
    """Return an hour of the same day at which nobody of the cohort has anything."""
    row = session_by_key(key)
    day = row.starts_local[:10]
    taken = [
        (one.starts_at - timedelta(minutes=15), one.ends_at + timedelta(minutes=15))
        for one in db.session.scalars(select(Session)).unique()
        if one.starts_local.startswith(day) and one.key != key
    ]
    length = timedelta(minutes=row.minutes)
    shift = row.starts_at - datetime.fromisoformat(row.starts_local).replace(
        tzinfo=row.starts_at.tzinfo
    )
    for quarter in range(48, 80):
        wall = datetime.fromisoformat(day) + timedelta(minutes=15 * quarter)
        start = wall.replace(tzinfo=row.starts_at.tzinfo) + shift
        is_elsewhere = abs(start - row.starts_at) >= length
        if is_elsewhere and all(start + length <= one or two <= start for one, two in taken):
            return wall
    raise AssertionError("no hour is free")


def move_by_hand(key: str) -> str:
    to = free_hour_of(key)
    edit_sessions(session_by_key(key), to=to, by="sam", now=NOW)
    return session_by_key(key).starts_local


@pytest.mark.parametrize("key", [ONE, GROUP])
def test_what_was_cancelled_stays_cancelled_in_later_publications(app: Flask, key: str) -> None:
    published()
    cancel_sessions(session_by_key(key), by="sam", now=NOW)
    for _ in range(2):
        something_new()
        plan_and_publish()
        assert place(key)[2] is Status.CANCELLED


def test_a_cancelled_appointment_is_told_as_due_and_without_a_time(app: Flask) -> None:
    published()
    cancel_sessions(session_by_key(ONE), by="sam", now=NOW)
    something_new()
    proposal = plan()
    assert proposal is not None
    unplaced = from_document(proposal.plan).unplaced
    assert [(left.key, left.reasons[0].sentence) for left in unplaced] == [
        (ONE, "it was cancelled by hand and stays so")
    ]


@pytest.mark.parametrize("key", [ONE, GROUP])
def test_what_was_moved_stays_there_in_later_publications(app: Flask, key: str) -> None:
    published()
    moved = move_by_hand(key)
    for _ in range(2):
        something_new()
        plan_and_publish()
        assert place(key)[0] == moved


def test_what_was_put_back_is_planned_like_the_rest(app: Flask) -> None:
    published()
    row = session_by_key(ONE)
    before = snapshot([row])
    cancel_sessions(row, by="sam", now=NOW)
    something_new()
    plan_and_publish()
    undo_change(changed(before, [row]), by="sam", now=NOW)
    assert place(ONE)[2] is Status.SCHEDULED

    day = date.fromisoformat(session_by_key(ONE).starts_local[:10])
    db.session.add(Closure(first=day, last=day, note="storm"))
    db.session.flush()
    plan_and_publish()

    assert (place(ONE)[0][:10] == day.isoformat(), place(ONE)[2]) == (False, Status.SCHEDULED)


def test_a_proposal_that_waits_is_laid_over_what_was_decided_since(app: Flask) -> None:
    published()
    something_new()
    plan()
    cancel_sessions(session_by_key(ONE), by="sam", now=NOW)
    moved = move_by_hand(GROUP)
    difference = publish("evening", by="command", now=NOW).difference
    touched = {session.key for session in difference.sessions}
    assert (place(ONE)[2], place(GROUP)[0], ONE in touched) == (Status.CANCELLED, moved, False)


def test_a_moved_appointment_of_a_discharged_patient_falls_out(app: Flask) -> None:
    published()
    move_by_hand(ONE)
    stay = db.session.scalars(select(Enrolment).join(Person).where(Person.key == "jordan")).one()
    stay.last = date(2027, 3, 7)
    db.session.flush()
    plan_and_publish()
    assert place(ONE)[2] is Status.CANCELLED


def test_a_proposal_that_changes_nothing_is_none(app: Flask) -> None:
    published()
    assert plan() is None
    again = published_already("evening", now=NOW)
    assert again is not None
    changes = again.difference
    assert (changes.added, changes.moved, changes.cancelled) == ((), (), ())
    with pytest.raises(InputError, match="no open proposal"):
        publish("evening", by="command", now=NOW)


def test_a_proposal_that_changes_nothing_ends_the_one_that_waited(app: Flask) -> None:
    published()
    something_new()
    plan()
    newest = db.session.scalars(select(Enrolment).join(Person).where(Person.key.like("new%"))).one()
    db.session.delete(newest)
    db.session.flush()
    assert plan() is None
    assert discard("evening", by="sam", now=NOW) is False


def test_a_discarded_proposal_cannot_be_published(app: Flask) -> None:
    clinic()
    plan()
    assert (discard("evening", by="sam", now=NOW), discard("evening", by="sam", now=NOW)) == (
        True,
        False,
    )
    with pytest.raises(InputError, match="no open proposal"):
        publish("evening", by="command", now=NOW)


@pytest.mark.parametrize("key", [ONE, GROUP])
def test_what_was_put_back_after_a_proposal_was_made_stands_through_its_publication(
    app: Flask, key: str
) -> None:
    published()
    before = place(key)
    cancel_sessions(session_by_key(key), by="sam", now=NOW)
    something_new()
    plan()
    put_back(session_by_key(key), by="sam", now=NOW)

    publish("evening", by="command", now=NOW)

    assert place(key) == before


@pytest.mark.parametrize("key", [ONE, GROUP])
def test_what_was_moved_back_after_a_proposal_was_made_is_not_moved_again(
    app: Flask, key: str
) -> None:
    published()
    before = place(key)
    move_by_hand(key)
    something_new()
    plan()
    put_back(session_by_key(key), by="sam", now=NOW)

    publish("evening", by="command", now=NOW)

    assert place(key) == before
