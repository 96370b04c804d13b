"""The text message that confirms an agreement, on the phone itself: only to whom one may go at
all.
"""

from datetime import datetime, timedelta

from scheduler import sms
from scheduler.kernel.ids import new_id
from scheduler.outbox import Draft, Sender, enqueue, gateway, message_id_for, text_body
from scheduler.outbox.models import Basis, Channel
from scheduler.people import practice
from scheduler.people.models import Person
from scheduler.web.auth.code_letter import may_have_code, standing_grant

DAY = timedelta(days=1)


def confirm_by_text(person: Person, agreed_at: datetime, *, now: datetime) -> bool:
    """Queue one message that names the sender and the way out; say whether it was.

    Not where no gateway is set up, not twice for one agreement, and not to a relative whom no grant
    covers now.
    """
    if gateway() is None or person.phone is None or not may_have_code(person, now):
        return False
    house = practice()
    letter_id = new_id()
    grant = standing_grant(person, now)
    until = min(now + DAY, grant.valid_until) if grant else now + DAY
    words = sms.first_words(house.outward_name, person.language)
    draft = Draft(
        dedupe_key=f"agreed:{person.id}:{agreed_at.isoformat()}",
        kind="agreement",
        recipient_id=person.id,
        address=person.phone,
        basis=Basis.GRANT if grant else Basis.SELF,
        mime=text_body(letter_id, person.phone, words),
        message_id=message_id_for(letter_id, Sender(house.outward_name, house.outward_email)),
        due_at=now,
        id=letter_id,
        grant_id=grant.id if grant else None,
        subject_id=grant.patient_id if grant else None,
        purpose=grant.purpose if grant else None,
        covers_until=until,
        not_after=until,
        channel=Channel.TEXT,
    )
    return enqueue(draft, now=now) is not None
