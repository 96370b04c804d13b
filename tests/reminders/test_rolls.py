"""Reminders ahead stand on rolls, by name, and each comes once. A father without consent stands on
none.
"""

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, select

from household import NOW, Household
from outbox.plans import overheard, plan
from scheduler import reminders
from scheduler.kernel.database import db
from scheduler.outbox.models import Letter
from scheduler.people.models import Person
from scheduler.programs import Kind, Seats
from scheduler.reminders import Audience, Policy, decide, sweep
from scheduler.reminders.models import Reminder, ReminderBatch, ReminderState
from scheduler.reminders.release_due import due_batches
from scheduler.sessions.models import Session, SessionPatient

HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)
NONE = Policy(first_session=False, week_ahead=False, day_before=False, soon=False, ask=False)
"""Clinicians' reminders are looked at in test_reminder_letter."""
PLAIN = Policy(first_session=False, week_ahead=False, day_before=True, soon=True, ask=False)
WEEK = Policy(first_session=False, week_ahead=True, day_before=False, soon=False, ask=False)


@pytest.fixture
def home(home: Household) -> Household:
    for audience in Audience:
        decide(home.cohort.program, audience, PLAIN, by="desk", now=NOW)
    decide(home.cohort.program, Audience.CLINICIAN, NONE, by="desk", now=NOW)
    return home


def group(home: Household, day: int = 3, at: str = "10:00") -> Session:
    """Return a group of both patients."""
    return home.slot(day, at=at, kind=Kind.GROUP, seats=Seats.PATIENTS, slot=f"group{at}")


def keys(ids: Sequence[str]) -> list[str]:
    people = db.session.scalars(select(Person).where(Person.id.in_(ids)))
    return sorted(one.key for one in people)


def rolls() -> list[tuple[str, list[str]]]:
    rows = db.session.scalars(
        select(ReminderBatch).order_by(ReminderBatch.due_at, ReminderBatch.id)
    )
    return [(row.lead.value, keys(row.people.split(","))) for row in rows]


def reminded(moment: datetime) -> list[str]:
    """Sweep and give whom the new letters go to."""
    before = set(db.session.scalars(select(Letter.id)))
    sweep(by="worker", now=moment)
    new = db.session.scalars(
        select(Letter).where(Letter.kind == "reminder", Letter.id.not_in(before))
    )
    return keys([one.recipient_id for one in new])


def test_those_who_are_reminded_alike_stand_on_one_roll(home: Household) -> None:
    session = group(home)

    made = sweep(by="worker", now=session.starts_at - 2 * DAY).made

    assert (made, rolls()) == (4, [("day_before", ["p-1", "p-2"]), ("hour_before", ["p-1", "p-2"])])
    assert reminders.counts()[ReminderState.WAITING] == 4


def test_nobody_has_a_row_of_their_own_until_it_is_due(home: Household) -> None:
    session = group(home)
    sweep(by="worker", now=session.starts_at - 2 * DAY)

    assert list(db.session.scalars(select(Reminder))) == []
    assert reminded(session.starts_at - DAY) == ["p-1", "p-2"]


def test_who_comes_later_stands_on_another_roll_and_is_reminded_too(home: Household) -> None:
    session = group(home)
    seat = (SessionPatient.session_id == session.id, SessionPatient.person_id == home.tess.id)
    db.session.execute(delete(SessionPatient).where(*seat))
    assert reminded(session.starts_at - 20 * HOUR) == ["p-1"]
    db.session.add(SessionPatient(session_id=session.id, person_id=home.tess.id))
    db.session.flush()

    assert reminded(session.starts_at - 19 * HOUR) == ["p-2"]
    assert reminded(session.starts_at - 18 * HOUR) == []


def test_who_stands_on_two_rolls_is_reminded_once(home: Household) -> None:
    session = group(home)
    sweep(by="worker", now=session.starts_at - 2 * DAY)
    first = db.session.scalars(select(ReminderBatch).order_by(ReminderBatch.due_at)).first()
    assert first is not None
    both = {
        "session_id": first.session_id,
        "lead": first.lead,
        "starts_at": first.starts_at,
        "due_at": first.due_at,
    }
    db.session.add(ReminderBatch(id="0" * 32, people=home.jordan.id, many=1, **both))
    db.session.flush()

    assert reminded(session.starts_at - DAY) == ["p-1", "p-2"]


def test_roll_is_cleared_away_a_day_after_the_session_unless_nobody_was_called(
    home: Household,
) -> None:
    session = group(home)
    sweep(by="worker", now=session.starts_at - 2 * DAY)
    sweep(by="worker", now=session.starts_at - DAY)
    assert [lead for lead, _ in rolls()] == ["day_before", "hour_before"]

    late = sweep(by="worker", now=session.starts_at + 2 * DAY)
    assert (late.expired, [lead for lead, _ in rolls()]) == (2, ["hour_before"])

    sweep(by="worker", now=session.starts_at + 2 * DAY)
    assert rolls() == []


def test_week_that_was_told_is_not_told_again_when_its_first_session_falls_out(
    home: Household,
) -> None:
    decide(home.cohort.program, Audience.PATIENT, WEEK, by="desk", now=NOW)
    first, _ = group(home, 1), group(home, 2)
    sunday = first.starts_at.replace(hour=0) - timedelta(days=first.starts_at.weekday()) - 2 * HOUR
    assert reminded(sunday) == ["p-1", "p-2"]
    db.session.execute(delete(SessionPatient).where(SessionPatient.session_id == first.id))

    assert reminded(sunday + HOUR) == []


def test_those_who_must_wait_for_the_morning_hold_nobody_up(
    home: Household, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a stop at night: a mail of the day before waits until eight; the last one, an hour
    before, never waits.
    """
    monkeypatch.setattr(sys.modules["scheduler.reminders.sweeper"], "AT_ONCE", 1)
    early, evening = group(home, 4, "07:00"), group(home, 4, "18:00")
    for session, person in ((early, home.tess), (evening, home.jordan)):
        seat = (SessionPatient.session_id == session.id, SessionPatient.person_id == person.id)
        db.session.execute(delete(SessionPatient).where(*seat))
    sweep(by="worker", now=early.starts_at - 2 * DAY)
    stopped_until = early.starts_at - 50 * MINUTE

    assert [reminded(stopped_until + number * MINUTE) for number in range(3)] == [[], ["p-1"], []]
    assert reminded(early.starts_at + 2 * HOUR) == ["p-2"]


def test_whom_to_call_is_read_in_order_from_its_index(home: Household) -> None:
    with overheard("reminder_rolls") as said:
        db.session.execute(due_batches(NOW))
    db.session.rollback()

    steps = [step for each in said for step in plan(*each)]
    assert any("ix_reminder_rolls_due" in step for step in steps)
    assert [
        step for step in steps if "Sort" in step or "TEMP B-TREE" in step or step.startswith("SCAN")
    ] == []
