"""What is broken becomes a task at the second look, once, and is off the list when it holds
again.
"""

from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from household import NOW, Household, place
from scheduler import invariants, reminders, tasks
from scheduler.backups.copy_rows import without_triggers
from scheduler.invitations import announce
from scheduler.kernel.database import db
from scheduler.outbox.models import Basis, Letter, LetterState
from scheduler.people.models import Person
from scheduler.reminders.models import ReminderBatch

MINUTE = timedelta(minutes=1)


@pytest.fixture
def home(home: Household) -> Household:
    """The mother was told, and one letter counts as sent without an answer."""
    home.consent()
    place(home.appointment(1), (NOW + timedelta(days=4)).replace(hour=18, minute=0, tzinfo=None))
    db.session.flush()
    announce(by="worker", now=NOW)
    reminders.sweep(by="worker", now=NOW)
    answer(None)
    return home


def answer(words: str | None) -> None:
    """Let the mother's letter count as sent; a week ahead may wait beside it."""
    told = update(Letter).where(Letter.kind == "invitation")
    db.session.execute(told.values(state=LetterState.SENT, sent_at=NOW, reply=words))
    db.session.commit()


def look(seen: frozenset[str] = frozenset(), minute: int = 0) -> frozenset[str]:
    found = invariants.reconcile(seen=seen, by="worker", now=NOW + minute * MINUTE)
    db.session.commit()
    return found


def to_do() -> list[tuple[str, str]]:
    who = {row.id: row.key for row in db.session.scalars(select(Person)).unique()}
    return [(who[task.about_id], task.words) for task in tasks.open_tasks()]


def test_first_look_bothers_nobody_and_the_second_raises_a_task(home: Household) -> None:
    seen = look()
    first = to_do()
    look(seen, minute=5)

    assert (first, len(seen)) == ([], 1)
    assert [(who, words.split(",")[0]) for who, words in to_do()] == [
        ("p-1-mother", "A letter counts as sent")
    ]


def test_further_looks_add_nothing(home: Household) -> None:
    seen = frozenset[str]()
    for minute in (0, 5, 10, 15):
        seen = look(seen, minute)

    assert len(to_do()) == 1


def test_what_mends_itself_between_two_looks_bothers_nobody(home: Household) -> None:
    seen = look()
    answer("250 kept")
    look(seen, minute=5)

    assert to_do() == []


def test_what_holds_again_is_off_the_list(home: Household) -> None:
    look(look(), minute=5)
    answer("250 kept")

    assert (look(minute=10), to_do()) == (frozenset(), [])


def test_letter_to_nobody_known_raises_no_task_and_stops_none(home: Household) -> None:
    """As a restore may leave one: its recipient is not in the copy."""
    with without_triggers(db.session.connection()):
        db.session.execute(
            update(Letter).values(recipient_id="0" * 32, grant_id=None, basis=Basis.SELF)
        )
    db.session.execute(delete(ReminderBatch))
    db.session.commit()
    seen = look()
    look(seen, minute=5)

    assert (len(seen) > 1, "A letter counts" in str(to_do()), len(to_do()) > 0) == (
        True,
        False,
        True,
    )
