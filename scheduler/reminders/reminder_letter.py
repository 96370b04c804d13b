"""One reminder as a finished letter or text message in the outbox: neutral, in the reader's
language and zone.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.consents import Recipient
from scheduler.invitations import (
    Envelope,
    Near,
    Notice,
    Reader,
    ToldDate,
    Unknown,
    changes_in_digest,
    end_of_day,
    join_link,
    link,
    mark_told,
    reminder_text,
    short_link,
    unknown_changes,
    way_in,
)
from scheduler.invitations import reminder as written
from scheduler.invitations.model.models import ShortLink
from scheduler.outbox import Ground, MailWords, Posting, Sender, post
from scheduler.outbox.models import Basis
from scheduler.people import practice, sender_name, whom_to_ask
from scheduler.people.models import PersonKind
from scheduler.reminders.decision_facts import Facts
from scheduler.reminders.models import Reminder
from scheduler.reminders.policy import ASKING, Lead
from scheduler.reminders.timing import worthless_at
from scheduler.sessions.models import Session

JUST_AN_HOUR = timedelta(minutes=50)
"""With less left, it is not an hour that a reminder names."""
UNTIL_MIDNIGHT = (Near.TODAY, Near.TOMORROW)
"""Words that are true on the day they are written."""
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
    """Queue `reminder` as a letter or a text message and return its id; None when it was queued
    before.
    """
    person = recipient.person
    told = facts.told_as_it_stands(person.id, session)
    notice = _notice(
        reminder,
        session,
        recipient,
        facts,
        by_text=by_text,
        now=now,
    )
    reader = Reader(
        person.language,
        facts.zone_of(person),
        whom_to_ask(),
    )
    asks = _asks(reminder.lead, told)
    posting = _posting(reminder, session, recipient, by_text=by_text)
    sender = Sender(notice.sender, practice().outward_email)
    if by_text:
        words = reminder_text(notice, reader, asks=asks)
        text = post(posting, words, sender=sender, now=now)
        return text.id if text is not None else None
    near = _nearness(reminder, reader, now)
    if near in UNTIL_MIDNIGHT:
        posting = _until_midnight(posting, now, reader.zone)
    news = _news(reminder, recipient, now)
    more = changes_in_digest(news, reader)
    said = _mail(
        written(
            notice,
            reader,
            asks=asks,
            near=near,
            more=more,
        )
    )
    return _post_mail(posting, said, news, sender, now)


def _post_mail(
    posting: Posting, words: MailWords, news: list[Unknown], sender: Sender, now: datetime
) -> str | None:
    """Queue a reminder that tells `news` as well."""
    letter = post(posting, words, sender=sender, now=now)
    if letter is None:
        return None
    mark_told(news, now=now)
    return letter.id


def _notice(
    reminder: Reminder,
    session: Session,
    recipient: Recipient,
    facts: Facts,
    *,
    by_text: bool,
    now: datetime,
) -> Notice:
    told = facts.told_as_it_stands(recipient.person.id, session)
    if by_text:
        of = f"{reminder.id}:{reminder.starts_at.isoformat()}"
        where = _text_link(
            session,
            recipient,
            told,
            of=of,
            now=now,
        )
    else:
        where = _link(reminder.lead, told, recipient)
    return Notice(
        title=session.cohort.program.outward_title,
        sender=practice().outward_name if by_text else sender_name(recipient.person),
        zone=session.zone,
        link=where,
        now=tuple(_spans(reminder, session, recipient, facts)),
    )


def _mail(envelope: Envelope) -> MailWords:
    return MailWords(
        envelope.subject,
        envelope.text,
        envelope.html,
    )


def _news(reminder: Reminder, recipient: Recipient, now: datetime) -> list[Unknown]:
    """Return what the week's letter tells as well: what changed and was not told yet. A relative is
    told by invitation.
    """
    if reminder.lead is not Lead.WEEK_AHEAD or recipient.role is PersonKind.RELATIVE:
        return []
    return unknown_changes(now=now, people=[recipient.person.id])


def _nearness(reminder: Reminder, reader: Reader, now: datetime) -> Near | None:
    """Return how near a session is in its reader's words, None where its date says it best."""
    if reminder.lead is Lead.HOUR_BEFORE:
        left = reminder.starts_at - now
        if left >= JUST_AN_HOUR:
            return Near.HOUR
        return Near.SOON
    there = ZoneInfo(reader.zone)
    today = now.astimezone(there).date()
    day = reminder.starts_at.astimezone(there).date()
    return {0: Near.TODAY, 1: Near.TOMORROW}.get((day - today).days)


def _asks(lead: Lead, told: ToldDate | None) -> bool:
    """True if the reminder asks for the answer that is still waited for."""
    waits = told is not None and told.answer is None
    return waits and (lead in ASKING or lead is Lead.FIRST_72H)


def _posting(
    reminder: Reminder,
    session: Session,
    recipient: Recipient,
    *,
    by_text: bool,
) -> Posting:
    person = recipient.person
    start = reminder.starts_at.isoformat()
    key = f"reminder:{session.id}:{person.id}:{reminder.lead.value}:{start}"
    worthless = worthless_at(
        reminder.lead,
        reminder.starts_at,
        reminder.due_at,
    )
    ground = Ground(
        Basis.GRANT if recipient.role is PersonKind.RELATIVE else Basis.SELF,
        grant_id=recipient.grant_id,
        subject_id=recipient.patient_id,
        purpose=recipient.purpose.value if recipient.purpose else None,
        covers_until=session.ends_at,
    )
    return Posting(
        kind="reminder",
        key=f"{key}:text" if by_text else key,
        recipient_id=person.id,
        address=(person.phone or "") if by_text else person.email,
        ground=ground,
        due_at=reminder.due_at,
        not_after=worthless,
    )


def _until_midnight(posting: Posting, now: datetime, zone: str) -> Posting:
    """Return a posting that is of no use once the day of `now` is over in `zone`."""
    midnight = end_of_day(now, zone)
    worthless = posting.not_after or midnight
    return replace(posting, not_after=min(worthless, midnight))


def _link(lead: Lead, told: ToldDate | None, recipient: Recipient) -> str:
    """The last reminder opens the room; the others lead to the person's own page."""
    if told is None:
        return way_in(recipient.person)
    if lead is Lead.HOUR_BEFORE:
        return join_link(told.uid)
    return link(told.uid)


def _text_link(
    session: Session, recipient: Recipient, told: ToldDate | None, *, of: str, now: datetime
) -> str:
    """Return the link of a text message: it opens the door of the first meeting it tells of."""
    door = ShortLink(
        person_id=recipient.person.id,
        patient_id=recipient.about_id,
        session_id=session.id,
        uid=told.uid if told is not None else None,
        begins_at=session.starts_at,
        until=session.ends_at,
        made_at=now,
        ends_at=end_of_day(session.ends_at, session.zone),
    )
    return short_link(door, of=of)


def _spans(
    reminder: Reminder, session: Session, recipient: Recipient, facts: Facts
) -> list[tuple[datetime, int]]:
    """Return the sessions it tells of, each as its UTC start and minutes: its own, or all of the
    day or week that this person may know of and knows of.
    """
    days = WHOLE.get(reminder.lead)
    spans = []
    if days is not None:
        for near in facts.ahead.get(recipient.person.id, ()):
            other = facts.sessions[near.session_id]
            if _is_told_along(other, session, days, recipient, facts):
                spans.append((other.starts_at, other.minutes))
    return spans or [(session.starts_at, session.minutes)]


def _is_told_along(
    other: Session, session: Session, days: int, recipient: Recipient, facts: Facts
) -> bool:
    """True if `other` stands in the letter that reminds of `session`.

    Under one letter stands one grant: a relative's other kinds of session have letters of their
    own.
    """
    person = recipient.person
    zone = ZoneInfo(facts.zone_of(person))
    day = other.starts_at.astimezone(zone).date()
    first = session.starts_at.astimezone(zone).date()
    if other.starts_at < session.starts_at or not _is_same_stretch(day, first, days):
        return False
    if facts.recipients[person.id, other.id].grant_id != recipient.grant_id:
        return False
    if recipient.role is not PersonKind.RELATIVE:
        return True
    return facts.told_as_it_stands(person.id, other) is not None


def _is_same_stretch(day: date, first: date, days: int) -> bool:
    """True if both lie on one day (`days` is 1) or in one ISO week."""
    if days == 1:
        return day == first
    return day.isocalendar()[:2] == first.isocalendar()[:2]
