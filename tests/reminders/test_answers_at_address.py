"""Who has a session at their calendar address and said no on its page is not reminded of it; the
father without consent has no page.
"""

from household import NOW, Household
from scheduler import feeds
from scheduler.invitations import change_way, note_answer
from scheduler.invitations.model.models import Answer
from scheduler.people.models import Way
from scheduler.reminders.decision_facts import gather
from scheduler.reminders.models import Reminder
from scheduler.reminders.policy import Lead


def test_no_of_a_subscriber_is_known_when_a_reminder_is_decided(sqlite_home: Household) -> None:
    mother = sqlite_home.mother
    sqlite_home.consent()
    feeds.make(mother, by="p-1-mother", now=NOW)
    change_way(mother, way=Way.FEED, by="p-1-mother", now=NOW)
    session = sqlite_home.appointment(1)
    note_answer(session, mother, Answer.DECLINED, by="p-1-mother", now=NOW)
    reminder = Reminder(session_id=session.id, person_id=mother.id, lead=Lead.HOUR_BEFORE)

    facts = gather([reminder], NOW)

    told = facts.told_as_it_stands(mother.id, session)
    assert told is not None and (told.answer, told.current) == (Answer.DECLINED, True)
    assert (sqlite_home.father.id, session.id) not in facts.recipients
