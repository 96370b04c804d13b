"""The text message that confirms an agreement, on the phone itself: only to whom one may go at
all.
"""

from datetime import datetime, timedelta

from scheduler import sms
from scheduler.consents import ground_for, may_have_code, standing_grant
from scheduler.invitations import front_link
from scheduler.outbox import Posting, Sender, gateway, post
from scheduler.people import practice
from scheduler.people.models import Person

DAY = timedelta(days=1)


def confirm_by_text(person: Person, agreed_at: datetime, *, now: datetime) -> bool:
    """Queue one message that names the sender and the way out; say whether it was.

    Not where no gateway is set up, not twice for one agreement, and not to a relative whom no grant
    covers now.
    """
    if gateway() is None or person.phone is None or not may_have_code(person, now):
        return False
    house = practice()
    grant = standing_grant(person, now)
    until = min(now + DAY, grant.valid_until) if grant else now + DAY
    posting = Posting(
        kind="agreement",
        key=f"agreed:{person.id}:{agreed_at.isoformat()}",
        recipient_id=person.id,
        address=person.phone,
        ground=ground_for(grant, covers_until=until),
        due_at=now,
        not_after=until,
    )
    words = sms.first_words(house.outward_name, person.language, link=front_link())
    sender = Sender(house.outward_name, house.outward_email)
    return post(posting, words, sender=sender, now=now) is not None
