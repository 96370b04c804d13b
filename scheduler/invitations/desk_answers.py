"""What somebody told staff, by phone or at the door, of a session they may know of: noted as their
answer, however their sessions come to them.
"""

from datetime import datetime

from scheduler.invitations.address_page import page_of_date
from scheduler.invitations.model.at_address import dates_of_page
from scheduler.invitations.model.models import Answer, AnswerGiven
from scheduler.invitations.replies.answer import DESK, answer
from scheduler.invitations.replies.answer_tasks import take_as_known
from scheduler.people.models import Person
from scheduler.sessions.models import Session


def note_answer(
    session: Session, person: Person, given: Answer, *, by: str, now: datetime
) -> AnswerGiven:
    """Note what a person says to one session; whoever notes a no knows of it, so no line asks for
    somebody. Raises Conflict where they may not know of it, or it has begun.
    """
    row = page_of_date(person, session, now=now)
    names = {date.session_id: date.recurrence for date in dates_of_page(row)}
    noted = answer(
        row,
        given,
        names[session.id],
        by=by,
        now=now,
        way=DESK,
    )
    take_as_known(person.id, by=by, now=now)
    return noted
