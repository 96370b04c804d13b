"""Every promise broken on purpose is found and named; a house in order has none. The father has no
consent.
"""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, update

from household import NOW, Household, place
from outbox.plans import overheard, plan
from scheduler import consents, invariants, outbox, reminders
from scheduler.backups.copy_rows import without_triggers
from scheduler.invitations import PATIENCE, announce
from scheduler.invitations.model.models import Invitation
from scheduler.kernel.database import database_now, db
from scheduler.outbox.models import Hold, Letter, LetterState
from scheduler.people.models import Person
from scheduler.reminders.models import ReminderBatch
from scheduler.sessions import cancel
from scheduler.sessions.models import CalendarName, Session

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WAITS = {"state": LetterState.RETRY, "sent_at": None, "reply": "RCPT: 451 later"}


@pytest.fixture
def home(home: Household) -> Household:
    """The mother was told of an appointment in four days and of two later ones; reminders are in
    place.
    """
    home.consent()
    for week, day in enumerate((1, 9, 20), start=1):
        home.appointment(day, week=week, slot=f"fam{week}.p-1")
    move(nearest(), NOW + 4 * DAY)
    announce(by="worker", now=NOW)
    reminders.sweep(by="worker", now=NOW)
    db.session.execute(update(Letter).values(state=LetterState.SENT, reply="250 kept", sent_at=NOW))
    db.session.commit()
    return home


def nearest() -> Session:
    return db.session.scalars(select(Session).order_by(Session.starts_at)).first()  # type: ignore[return-value]


def move(session: Session, to: object) -> None:
    place(session, to.replace(hour=18, minute=0, second=0, tzinfo=None))  # type: ignore[attr-defined]
    db.session.commit()


def found(after: timedelta = timedelta()) -> list[tuple[str, str]]:
    """Return which promise is broken, and about whom, so long after now."""
    who = {row.id: row.key for row in db.session.scalars(select(Person)).unique()}
    seen = [(each.invariant, who[each.about_id]) for each in invariants.violations(now=NOW + after)]
    db.session.commit()
    return sorted(seen)


def letter(**values: object) -> None:
    """Change one letter of the mother, and commit."""
    change_letter(**values)
    db.session.commit()


def change_letter(**values: object) -> None:
    """Change one letter of the mother."""
    told = select(Letter.id).where(Letter.kind == "invitation")
    one = told.order_by(Letter.uid).limit(1).scalar_subquery()
    db.session.execute(update(Letter).where(Letter.id == one).values(**values))


def on_its_way(seconds: int) -> None:
    """Put it on its way under a lease that ended so many seconds ago."""
    until = database_now() - timedelta(seconds=seconds)
    letter(state=LetterState.SENDING, phase="handing", lease_until=until, reply=None)


def test_house_in_order_breaks_nothing(home: Household) -> None:
    assert found() == []


def test_letter_on_its_way_past_its_lease_twice_over_is_found(home: Household) -> None:
    on_its_way(50)
    before = found()
    on_its_way(70)

    assert (before, found()) == ([], [("taken_over", "p-1-mother")])


def test_letter_that_waits_under_a_withdrawn_consent_is_found(home: Household) -> None:
    """As a restore of a copy from before the gate refused it may bring one."""
    consents.revoke(person=home.mother, patient=home.jordan, by="command", now=NOW)
    announce(by="worker", now=NOW)
    db.session.commit()
    before = found()
    with without_triggers(db.session.connection()):
        change_letter(**WAITS, due_at=NOW + 50 * MINUTE)
    db.session.commit()

    assert (before, found()) == ([], [("under_consent", "p-1-mother")])


def test_letter_under_a_consent_that_has_ended_is_found_when_it_is_due(home: Household) -> None:
    letter(**WAITS, due_at=NOW + 250 * DAY)

    assert (found(249 * DAY), found(250 * DAY)) == ([], [("under_consent", "p-1-mother")])


def test_letter_that_is_held_waits_under_whatever_consent(home: Household) -> None:
    letter(**WAITS, due_at=NOW + 250 * DAY)
    db.session.add(Hold(since=NOW, reason="a copy was restored"))

    assert found(251 * DAY) == []


def test_letter_sent_without_an_answer_is_found(home: Household) -> None:
    letter(reply=None)

    assert found() == [("answered", "p-1-mother")]


def test_question_for_unanswered_letters_reads_an_index_that_is_empty(home: Household) -> None:
    with overheard("letters") as said:
        assert list(outbox.unanswered()) == []

    assert ["ix_letters_unanswered" in step for each in said for step in plan(*each)][-1]


def test_session_elsewhere_than_it_was_told_is_found_until_it_is_said(home: Household) -> None:
    move(nearest(), NOW + 5 * DAY)
    reminders.sweep(by="worker", now=NOW)
    db.session.commit()
    before = found()
    announce(by="worker", now=NOW)
    reminders.sweep(by="worker", now=NOW)
    db.session.commit()

    assert (before, found()) == ([("told", "p-1-mother")], [])


def test_change_that_waits_for_others_is_found_only_after_its_patience(home: Household) -> None:
    move(
        db.session.scalars(select(Session).order_by(Session.starts_at.desc())).all()[0],
        NOW + 40 * DAY,
    )
    announce(by="worker", now=NOW, patience=PATIENCE)
    db.session.commit()

    assert (found(PATIENCE), found(PATIENCE + MINUTE)) == ([], [("told", "p-1-mother")])


def test_looking_for_what_was_not_said_writes_nothing(home: Household) -> None:
    """A series that is parted would take another name: the comparison asks for it, and the look
    gives it back.
    """
    for week in range(4):
        home.appointment(30 + 7 * week, week=5 + week, slot="weekly.p-1")
    home.consent(home.aunt)
    before = names()
    seen = found()

    assert (len(seen) > 0, names()) == (True, before)


def names() -> tuple[int | None, int | None]:
    count = select(func.count())
    return db.session.scalar(count.select_from(CalendarName)), db.session.scalar(
        count.select_from(Invitation)
    )


def test_session_told_under_two_names_is_found(home: Household) -> None:
    first, second = db.session.scalars(select(Invitation).order_by(Invitation.uid)).all()[:2]
    second.told = first.told
    db.session.commit()

    assert ("told_once", "p-1-mother") in found()


def test_missing_reminder_is_found_until_it_is_put_in_place(home: Household) -> None:
    db.session.execute(delete(ReminderBatch))
    db.session.commit()
    before = found()
    reminders.sweep(by="worker", now=NOW)
    db.session.commit()

    missing = [("reminded", "p-1"), ("reminded", "p-1-mother"), ("reminded", "rivera")]
    assert (before, found()) == (missing, [])


def test_change_within_seven_days_that_nobody_heard_of_is_found_until_it_is_told(
    home: Household,
) -> None:
    cancel(nearest(), by="desk", now=NOW)
    announce(by="worker", now=NOW, people=[home.mother.id])
    db.session.commit()
    at_once = found()
    before = found(10 * MINUTE)
    announce(by="worker", now=NOW + 10 * MINUTE)
    db.session.commit()

    assert (at_once, before) == ([], [("heard", "p-1"), ("heard", "rivera")])
    assert found(10 * MINUTE) == []
