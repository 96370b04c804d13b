"""One reminder as a finished letter or text message in the outbox: neutral, in the reader's
language and zone.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from scheduler.consents import Recipient
from scheduler.invitations import (
    Notice,
    Reader,
    ToldDate,
    home_link,
    join_link,
    link,
    reminder_text,
)
from scheduler.invitations import reminder as written
from scheduler.kernel.ids import new_id
from scheduler.outbox import Draft, Sender, compose, enqueue, message_id_for, text_body
from scheduler.outbox.models import Basis, Channel
from scheduler.people import practice
from scheduler.people.models import PersonKind
from scheduler.reminders.decision_facts import Facts
from scheduler.reminders.models import Reminder
from scheduler.reminders.policy import ASKING, Lead
from scheduler.reminders.timing import worthless_at
from scheduler.sessions.models import Session

WHOLE = {Lead.WEEK_AHEAD: 7, Lead.DAY_BEFORE: 1}
"""Reminders that tell all sessions of a stretch: its days."""


def send(
    reminder: Reminder,
    session: Session,
    recipient: Recipient,
    facts: Facts,
    *,
    by_text: bool,
    now: datetime,
) -> str | None:
    """Queue `reminder` as a letter or a text message and give its id; None when it was queued
    before.
    """
    house, person = practice(), recipient.person
    sender = Sender(house.outward_name, house.outward_email)
    letter_id = new_id()
    told = facts.told_as_it_stands(person.id, session)
    notice = Notice(
        title=session.cohort.program.outward_title,
        sender=house.outward_name,
        zone=session.zone,
        link=_link(reminder.lead, told),
        now=tuple(_spans(reminder, session, recipient, facts)),
    )
    reader = Reader(person.language, facts.zone_of(person))
    asks = told is not None and told.answer is None and reminder.lead in (*ASKING, Lead.FIRST_72H)
    message_id = message_id_for(letter_id, sender)
    if by_text:
        body = text_body(letter_id, person.phone or "", reminder_text(notice, reader, asks=asks))
    else:
        words = written(notice, reader, asks=asks)
        body = compose(
            sender=sender,
            recipient=person.email,
            subject=words.subject,
            text=words.text,
            html=words.html,
            message_id=message_id,
            now=now,
        )
    draft = _draft(
        reminder,
        session,
        recipient,
        body,
        by_text=by_text,
        letter_id=letter_id,
        message_id=message_id,
    )
    letter = enqueue(draft, now=now)
    return letter.id if letter else None


def _draft(
    reminder: Reminder,
    session: Session,
    recipient: Recipient,
    body: bytes,
    *,
    by_text: bool,
    letter_id: str,
    message_id: str,
) -> Draft:
    nominal = (
        f"{session.id}:{recipient.person.id}:{reminder.lead.value}:{reminder.starts_at.isoformat()}"
    )
    return Draft(
        id=letter_id,
        dedupe_key=f"reminder:{nominal}{':text' if by_text else ''}",
        kind="reminder",
        recipient_id=recipient.person.id,
        address=(recipient.person.phone or "") if by_text else recipient.person.email,
        basis=Basis.GRANT if recipient.role is PersonKind.RELATIVE else Basis.SELF,
        mime=body,
        message_id=message_id,
        due_at=reminder.due_at,
        grant_id=recipient.grant_id,
        subject_id=recipient.patient_id,
        purpose=recipient.purpose.value if recipient.purpose else None,
        covers_until=session.ends_at,
        not_after=worthless_at(reminder.lead, reminder.starts_at, reminder.due_at),
        channel=Channel.TEXT if by_text else Channel.MAIL,
    )


def _link(lead: Lead, told: ToldDate | None) -> str:
    """The last reminder opens the room; the others lead to the person's own page."""
    if told is None:
        return home_link()
    return join_link(told.uid) if lead is Lead.HOUR_BEFORE else link(told.uid)


def _spans(
    reminder: Reminder, session: Session, recipient: Recipient, facts: Facts
) -> list[tuple[datetime, int]]:
    """Return the sessions it tells of: its own, or all of the day or week that this person may know
    of and knows of.

    Under one letter stands one grant: a relative's other kinds of session have letters of their
    own.
    """
    days = WHOLE.get(reminder.lead)
    if days is None:
        return [(session.starts_at, session.minutes)]
    there = ZoneInfo(facts.zone_of(recipient.person))
    first = session.starts_at.astimezone(there).date()
    found = []
    for each in facts.ahead.get(recipient.person.id, ()):
        other = facts.sessions[each.session_id]
        day = each.starts_at.astimezone(there).date()
        same = day == first if days == 1 else day.isocalendar()[:2] == first.isocalendar()[:2]
        about = facts.recipients[recipient.person.id, other.id]
        known = (
            recipient.role is not PersonKind.RELATIVE
            or facts.told_as_it_stands(recipient.person.id, other) is not None
        )
        if (
            same
            and each.starts_at >= session.starts_at
            and about.grant_id == recipient.grant_id
            and known
        ):
            found.append((other.starts_at, other.minutes))
    return found or [(session.starts_at, session.minutes)]
