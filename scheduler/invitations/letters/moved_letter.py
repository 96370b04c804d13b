"""The words of a letter that takes an invitation out of a calendar because its reader chose another
way: what it was about goes on, and stands at their calendar address.
"""

from datetime import datetime

from scheduler.consents import agenda
from scheduler.i18n import N_, catalog
from scheduler.invitations.letters.message_body import Envelope, Notice, Reader, written
from scheduler.invitations.model.itip import Message, News
from scheduler.people import has_chosen
from scheduler.people.models import Person

MOVED = N_("Same time, now in your subscribed calendar: {title} {first}")
MOVED_OPENING = N_(
    "The time stays the same. You chose your calendar address: from now on this comes from there, "
    "and the invitation goes. You need not do anything."
)


def moved(notice: Notice, reader: Reader) -> Envelope:
    """Write that something stands at the reader's calendar address from now on."""
    _ = catalog(reader.language)
    return written(notice, reader, _(MOVED), _(MOVED_OPENING), notice.gone, answer=False)


def is_at_address(message: Message, person: Person, now: datetime) -> bool:
    """True if what a message takes away is still this person's to know: they have it another
    way.
    """
    if message.news is not News.GONE or message.whole or not has_chosen(person):
        return False
    known = {session.id for session, _ in agenda(person, now=now, since=now)}
    return all(meeting.session_id in known for meeting in message.before)
