"""The sweep: reminders are put in place, called when due, and then decided; late ones visibly not
sent.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, tuple_

from scheduler import sms, tasks
from scheduler.consents import Recipient
from scheduler.i18n import clock, long_day, zone
from scheduler.invitations.model.models import Answer
from scheduler.kernel.database import db
from scheduler.outbox import gateway
from scheduler.people.models import PersonKind
from scheduler.reminders.decision import Situation, Verdict, judge
from scheduler.reminders.decision_facts import Facts, gather
from scheduler.reminders.models import WAITING, Reminder, ReminderState
from scheduler.reminders.policy import Lead
from scheduler.reminders.release_due import release_due
from scheduler.reminders.reminder_letter import WHOLE, send
from scheduler.reminders.schedule import schedule_reminders
from scheduler.reminders.timing import ON_THE_EVE, worthless_at
from scheduler.reminders.wishes.wish import BY_TEXT, Way
from scheduler.sessions.models import Session, Status

AT_ONCE = 500
"""Reminders decided in one transaction; the rest follow with the next."""
TEXTS = (Lead.HOUR_BEFORE, Lead.ASK_TEXT)
"""What goes by text message where that was agreed."""
NOBODY = "Nobody of the family has answered for {when}. Ask, or go on without."
STAFF = "en"
"""What the desk reads."""
ENDED = {Verdict.DROP: ReminderState.DROPPED, Verdict.EXPIRE: ReminderState.EXPIRED}


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep did, in numbers of reminders."""

    made: int
    queued: int
    expired: int
    dropped: int


def sweep(
    *,
    by: str,
    now: datetime,
    make: bool = True,
    relatives: Collection[str] | None = None,
) -> Swept:
    """Put the reminders of the coming eight days in place (unless `make` is False), and decide
    those that are due; with `relatives` (ids) theirs alone.

    Each is decided anew: consent, session, answers, the hour where the recipient is, the budget of
    their number.
    """
    made = schedule_reminders(now, relatives) if make else 0
    release_due(now, relatives)
    ended: Counter[ReminderState] = Counter()
    page = _decide_page(None, now, relatives)
    ended.update(reminder.state for reminder in page)
    # What cannot go yet stays due: once a minute others are looked for behind it.
    while make and len(page) == AT_ONCE and ended.total() - ended[ReminderState.WAITING] < AT_ONCE:
        page = _decide_page(
            page[-1],
            now,
            relatives,
        )
        ended.update(reminder.state for reminder in page)
    return Swept(
        made,
        queued=ended[ReminderState.QUEUED],
        expired=ended[ReminderState.EXPIRED],
        dropped=ended[ReminderState.DROPPED],
    )


def _decide_page(
    after: Reminder | None, now: datetime, people: Collection[str] | None
) -> list[Reminder]:
    """Decide the next reminders that are due, and give them as they then stand."""
    wanted = due_query(now, after)
    if people is not None:
        wanted = wanted.where(Reminder.person_id.in_(list(people)))
    due = list(db.session.scalars(wanted))
    if due:
        facts = gather(due, now)
        for reminder in due:
            _decide(reminder, facts, now)
        db.session.flush()
    return due


def mail_instead(letter_id: str) -> bool:
    """Let a reminder whose text message did not arrive go by mail, if there is time; say whether it
    was one.
    """
    reminder = db.session.scalars(
        select(Reminder).where(Reminder.letter_id == letter_id)
    ).one_or_none()
    if (
        reminder is None
        or reminder.state is not ReminderState.QUEUED
        or reminder.lead is Lead.ASK_TEXT
    ):
        return False
    reminder.state = ReminderState.WAITING
    return True


def due_query(now: datetime, after: Reminder | None = None) -> Any:
    """Return the question what is due, from the oldest or `after` another, as it is read from the
    index of what waits.
    """
    waiting = select(Reminder).where(Reminder.state == WAITING, Reminder.due_at <= now)
    if after is not None:
        waiting = waiting.where(
            tuple_(Reminder.due_at, Reminder.id) > tuple_(after.due_at, after.id)
        )
    return (
        waiting.order_by(Reminder.due_at, Reminder.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True)
    )


def _decide(reminder: Reminder, facts: Facts, now: datetime) -> None:
    session = facts.sessions[reminder.session_id]
    recipient = facts.recipients.get((reminder.person_id, session.id))
    verdict, reason = judge(_situation(reminder, session, recipient, facts, now))
    reminder.reason = reason
    if verdict in ENDED:
        reminder.state = ENDED[verdict]
        return
    if recipient is None or verdict is Verdict.WAIT:
        return
    reminder.state = ReminderState.QUEUED
    if verdict is Verdict.TASK:
        _raise_task(reminder, session, recipient, now)
        return
    reminder.letter_id = send(
        reminder,
        session,
        recipient,
        facts,
        by_text=verdict is Verdict.TEXT,
        now=now,
    )
    if verdict is Verdict.BOTH:
        send(reminder, session, recipient, facts, by_text=True, now=now)


def _situation(
    reminder: Reminder,
    session: Session,
    recipient: Recipient | None,
    facts: Facts,
    now: datetime,
) -> Situation:
    told = facts.told_as_it_stands(reminder.person_id, session)
    answer = told.answer if told and told.current else None
    zone = facts.zone_of(recipient.person) if recipient else facts.zone
    return Situation(
        lead=reminder.lead,
        policy=facts.policy(session, recipient),
        now=now,
        wall=now.astimezone(ZoneInfo(zone)).time(),
        due=reminder.due_at,
        worthless=_worthless(reminder),
        stands=_stands(reminder, session),
        in_audience=recipient is not None,
        told=told is not None or _knows_already(recipient, facts),
        known_since=told.told_at if told else reminder.due_at,
        answered=answer is not None,
        declined=answer is Answer.DECLINED,
        anyone_answered=facts.anyone_answered(session.id),
        cools=facts.cools(
            reminder.person_id,
            session.id,
            along=reminder.lead in WHOLE,
        ),
        left_out=(reminder.person_id, session.id) in facts.left_out,
        way=facts.way(reminder.person_id),
        may_text=_may_text(reminder, recipient, facts, now),
        text_is_safe=reminder.person_id not in facts.unsafe_texts,
        mail_from=facts.unsafe_mail.get(reminder.person_id),
    )


def _stands(reminder: Reminder, session: Session) -> bool:
    """True if a session is where it was when its reminder was made."""
    return session.status is Status.SCHEDULED and session.starts_at == reminder.starts_at


def _worthless(reminder: Reminder) -> datetime:
    return worthless_at(
        reminder.lead,
        reminder.starts_at,
        reminder.due_at,
    )


def _knows_already(recipient: Recipient | None, facts: Facts) -> bool:
    """True if somebody knows of their sessions without an invitation: it is their own, or their
    calendar address shows it.
    """
    if recipient is None or recipient.role is not PersonKind.RELATIVE:
        return True
    return recipient.person.id in facts.subscribed


def _may_text(reminder: Reminder, recipient: Recipient | None, facts: Facts, now: datetime) -> bool:
    """True if this reminder may be a text message: the last ones unless mail was chosen, the day's
    where texts were.
    """
    way = facts.way(reminder.person_id)
    if recipient is None or reminder.letter_id is not None or way is Way.MAIL:
        return False
    if reminder.lead not in TEXTS and not (reminder.lead in ON_THE_EVE and way in BY_TEXT):
        return False
    return gateway() is not None and sms.may_text(
        recipient.person,
        facts.zone_of(recipient.person),
        now=now,
    )


def _raise_task(reminder: Reminder, session: Session, recipient: Recipient, now: datetime) -> None:
    """The last rung: a task for the clinician, about the patient."""
    start = session.starts_at.astimezone(ZoneInfo(session.zone))
    day, place = long_day(start.date(), STAFF), zone(session.zone, STAFF)
    when = f"{day}, {clock(start, STAFF)}, {place}"
    clinician = session.leads[0].id if session.leads else None
    tasks.raise_task(
        "no_answer",
        f"no_answer:{session.id}:{reminder.starts_at.isoformat()}",
        NOBODY.format(when=when),
        about_id=recipient.patient_id or recipient.person.id,
        for_id=clinician,
        leads_to=f"session:{session.key}",
        now=now,
    )
