"""A date that went over to somebody's calendar address keeps its page: what, when, and the answer,
for as long as they may know of it. A father without consent stands by, and has no page.
"""

from datetime import timedelta

import pytest
from sqlalchemy import select

from household import NOW, Household
from scheduler import consents, feeds
from scheduler.invitations import (
    announce,
    answer,
    answers_to,
    asked_to,
    change_way,
    dates_of_page,
    look_at_answers,
    note_answer,
    page_of_date,
    propose_time,
    proposed_for,
)
from scheduler.invitations.model.models import Answer, Invitation
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.outbox import letters_waiting
from scheduler.outbox.models import LetterState
from scheduler.people.models import Person, Way
from scheduler.sessions.models import Session
from scheduler.tasks import open_tasks

DAY = timedelta(days=1)


def work() -> int:
    """Let a worker come by; return how many letters left."""
    announce(by="worker", now=NOW)
    feeds.refresh(now=NOW)
    letters = letters_waiting(db.session.scalars(select(Person.id)).all())
    for letter in letters:
        letter.state, letter.sent_at = LetterState.SENT, NOW
    db.session.flush()
    return len(letters)


def over(home: Household) -> tuple[Session, Invitation]:
    """A date that went over to the mother's address, and the invitation that told it."""
    home.consent()
    session = home.appointment(1)
    work()
    feeds.make(home.mother, by="p-1-mother", now=NOW)
    row = db.session.scalars(select(Invitation)).one()
    change_way(home.mother, way=Way.FEED, by="p-1-mother", now=NOW)
    work()
    return session, row


def says(session: Session, person: Person) -> list[Answer | None]:
    return [date.answer for date in answers_to(session.id, {person.id})]


def test_date_at_the_address_stays_on_the_page_that_told_it(home: Household) -> None:
    session, row = over(home)

    assert (row.told, [date.session_id for date in dates_of_page(row)]) == (None, [session.id])


def test_answer_by_that_page_counts_for_the_desk(home: Household) -> None:
    session, row = over(home)

    answer(row, Answer.DECLINED, by="p-1-mother", now=NOW)

    assert says(session, home.mother) == [Answer.DECLINED]
    assert [task.kind for task in open_tasks()] == ["answered_no"]


def test_other_time_for_that_date_can_be_taken_up(home: Household) -> None:
    session, row = over(home)
    (date,) = dates_of_page(row)
    span = date.begins_at + DAY, date.ends_at + DAY

    held = propose_time(row, date.recurrence, span, by="p-1-mother", now=NOW)

    assert held is not None
    assert proposed_for(held, now=NOW) is session


def test_answer_stays_when_the_way_is_changed_once_more(home: Household) -> None:
    session, row = over(home)
    answer(row, Answer.ACCEPTED, by="p-1-mother", now=NOW)

    change_way(home.mother, way=Way.INVITATIONS, by="p-1-mother", now=NOW)

    assert (work(), says(session, home.mother)) == (1, [Answer.ACCEPTED])


def test_no_at_the_address_is_off_the_list_once_consent_has_ended(home: Household) -> None:
    _session, row = over(home)
    answer(row, Answer.DECLINED, by="p-1-mother", now=NOW)
    consents.revoke(person=home.mother, patient=home.jordan, by="desk", now=NOW)

    look_at_answers(now=NOW)

    assert [task for task in open_tasks() if task.kind == "answered_no"] == []


def test_page_of_what_came_to_the_address_alone_is_begun_and_sends_nothing(
    home: Household,
) -> None:
    home.consent()
    feeds.make(home.mother, by="p-1-mother", now=NOW)
    change_way(home.mother, way=Way.FEED, by="p-1-mother", now=NOW)
    session = home.appointment(1)

    row = page_of_date(home.mother, session, now=NOW)

    assert [date.session_id for date in dates_of_page(row)] == [session.id]
    assert (work(), page_of_date(home.mother, session, now=NOW).uid) == (0, row.uid)


def test_what_was_answered_at_the_address_comes_once_when_invitations_are_chosen(
    home: Household,
) -> None:
    home.consent()
    feeds.make(home.mother, by="p-1-mother", now=NOW)
    change_way(home.mother, way=Way.FEED, by="p-1-mother", now=NOW)
    session = home.appointment(1)
    note_answer(session, home.mother, Answer.ACCEPTED, by="desk", now=NOW)

    change_way(home.mother, way=Way.INVITATIONS, by="p-1-mother", now=NOW)

    assert (work(), says(session, home.mother)) == (1, [Answer.ACCEPTED])


def test_desk_notes_what_a_subscriber_said_and_is_not_asked_about_it(home: Household) -> None:
    session, _row = over(home)

    note_answer(session, home.mother, Answer.DECLINED, by="desk", now=NOW)

    assert (says(session, home.mother), list(open_tasks())) == ([Answer.DECLINED], [])
    assert asked_to(session, now=NOW) == [home.mother]


def test_nobody_without_consent_has_a_page(home: Household) -> None:
    session, _row = over(home)

    with pytest.raises(Conflict):
        page_of_date(home.father, session, now=NOW)
