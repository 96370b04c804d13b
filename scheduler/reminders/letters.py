"""One reminder as a finished letter in the outbox: neutral, in the reader's language and zone."""

from datetime import datetime

from scheduler.consents import Recipient
from scheduler.invitations import Notice, Reader, ToldDate, link
from scheduler.invitations import reminder as written
from scheduler.kernel.ids import new_id
from scheduler.outbox import Draft, Sender, compose, enqueue, message_id_for
from scheduler.outbox.models import Basis
from scheduler.people import practice
from scheduler.people.models import PersonKind
from scheduler.reminders.due import worthless_at
from scheduler.reminders.models import Reminder
from scheduler.sessions.models import Session


def send(
    reminder: Reminder, session: Session, recipient: Recipient, told: ToldDate | None, *, now: datetime
) -> str | None:
    """Queue the letter of `reminder` and give its id; None when it was queued before."""
    house, person = practice(), recipient.person
    sender = Sender(house.outward_name, house.outward_email)
    letter_id = new_id()
    message_id = message_id_for(letter_id, sender)
    notice = Notice(
        title=session.cohort.program.outward_title,
        sender=house.outward_name,
        zone=session.zone,
        link=link(told.uid) if told else None,
        now=((session.starts_at, session.minutes),),
    )
    words = written(notice, Reader(person.language, person.zone or house.zone))
    mime = compose(
        sender=sender, recipient=person.email, subject=words.subject, text=words.text, html=words.html,
        message_id=message_id, now=now,
    )  # fmt: skip
    nominal = f"{session.id}:{person.id}:{reminder.lead.value}:{reminder.starts_at.isoformat()}"
    draft = Draft(
        id=letter_id, dedupe_key=f"reminder:{nominal}", kind="reminder", recipient_id=person.id, address=person.email,
        basis=Basis.GRANT if recipient.role is PersonKind.RELATIVE else Basis.SELF, mime=mime, message_id=message_id,
        due_at=reminder.due_at, grant_id=recipient.grant_id, subject_id=recipient.patient_id,
        purpose=recipient.purpose.value if recipient.purpose else None, covers_until=session.ends_at,
        not_after=worthless_at(reminder.lead, reminder.starts_at),
    )  # fmt: skip
    letter = enqueue(draft, now=now)
    return letter.id if letter else None
