"""What decides over reminders that are due: their sessions, who may know of them, what relatives
were told.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from scheduler.consents import Recipient, audiences
from scheduler.invitations import ToldDate, answered_dates, subscribers
from scheduler.kernel.database import db
from scheduler.outbox import hours_for, safe_from
from scheduler.outbox.models import Channel
from scheduler.participation import leaves_out, plans_of
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind
from scheduler.reminders.decide_policy import policies_by_cohort
from scheduler.reminders.models import Reminder
from scheduler.reminders.policy import USUAL, Audience, Policy
from scheduler.reminders.selection import Ahead
from scheduler.reminders.timing import AHEAD, DAY
from scheduler.reminders.weeks_ahead import ahead
from scheduler.reminders.wishes.choose_reminders import wishes_of
from scheduler.reminders.wishes.wish import Way, Wish, own_policy
from scheduler.sessions import cooling_sessions
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status

AS = {
    PersonKind.PATIENT: Audience.PATIENT,
    PersonKind.RELATIVE: Audience.RELATIVE,
    PersonKind.CLINICIAN: Audience.CLINICIAN,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """By (person, session): `recipients` and `told`. `ahead` is each person's own time, in
    order.
    """

    sessions: dict[str, Session]
    recipients: dict[tuple[str, str], Recipient]
    told: dict[tuple[str, str], ToldDate]
    ahead: dict[str, list[Ahead]]
    policies: dict[tuple[str, Audience], Policy]
    """By cohort."""
    zone: str
    cooling: frozenset[str] = frozenset()
    """Sessions (ids) whose publication may still be taken back."""
    subscribed: frozenset[str] = frozenset()
    """Relatives (ids) with a calendar address: it shows what no invitation told."""
    unsafe_mail: Mapping[str, datetime | None] = field(default_factory=dict)
    """By person (id) at whom no mail may arrive now: from when it may."""
    unsafe_texts: frozenset[str] = frozenset()
    """People (ids) at whom no text message may arrive now."""
    left_out: frozenset[tuple[str, str]] = frozenset()
    """By person and session (ids): relatives who, as the family agreed, do not come to it."""
    wishes: Mapping[str, Wish] = field(default_factory=dict)
    """By person (id): what they chose for themselves."""

    def policy(self, session: Session, recipient: Recipient | None) -> Policy:
        """Return the policy for a recipient of a session, what they chose for themselves in it."""
        audience = AS[recipient.role] if recipient else Audience.PATIENT
        usual = self.policies.get((session.cohort_id, audience), USUAL[audience])
        return own_policy(usual, self.wishes.get(recipient.person.id) if recipient else None)

    def way(self, person_id: str) -> Way | None:
        """Return by which way somebody (id) chose to be reminded; None: they chose nothing."""
        wish = self.wishes.get(person_id)
        return wish.way if wish is not None else None

    def zone_of(self, person: Person) -> str:
        """Return a person's own zone."""
        return person.zone or self.zone

    def anyone_answered(self, session_id: str) -> bool:
        """True if somebody's answer to the session as it stands has come."""
        for (_, told_session_id), date in self.told.items():
            if told_session_id == session_id and date.answer and date.current:
                return True
        return False

    def cools(self, person_id: str, session_id: str, *, along: bool) -> bool:
        """True if nobody may hear of a session yet, or of any other near it that is told `along`
        with it.
        """
        if session_id in self.cooling:
            return True
        near = self.ahead.get(person_id, ()) if along else ()
        return any(other.session_id in self.cooling for other in near)

    def told_as_it_stands(self, person_id: str, session: Session) -> ToldDate | None:
        """Return what a relative was told of a session, when that is still so."""
        told = self.told.get((person_id, session.id))
        if told is not None and told.begins_at == session.starts_at:
            return told
        return None


def gather(due: Iterable[Reminder], now: datetime) -> Facts:
    """Look at the sessions of what is due, and at all that the same patients and their families,
    and clinicians who are reminded, have near `now`.
    """
    reminders = list(due)
    ids = {reminder.session_id for reminder in reminders}
    reminded = {reminder.person_id for reminder in reminders}
    concerned = _concerned(ids, reminded, now)
    rows = {row.id: row for row in db.session.scalars(concerned).unique()}
    recipients, relatives = _who_may_know(rows.values(), now)
    dates = answered_dates(relatives) if relatives else []
    mail, texts = _held_up_now(recipients.values(), reminded, now)
    return Facts(
        sessions=rows,
        recipients=recipients,
        told=_by_date(dates),
        ahead=ahead(rows, recipients),
        policies=policies_by_cohort(),
        zone=practice().zone if recipients else "UTC",
        cooling=frozenset(db.session.scalars(cooling_sessions(now))),
        subscribed=frozenset(subscribers(relatives)),
        unsafe_mail=mail,
        unsafe_texts=frozenset(texts),
        left_out=frozenset(_left_out(recipients, rows)),
        wishes=wishes_of(reminded),
    )


def _who_may_know(
    sessions: Collection[Session], now: datetime
) -> tuple[dict[tuple[str, str], Recipient], set[str]]:
    """Return the recipients by person and session (ids), and which people (ids) are relatives."""
    recipients: dict[tuple[str, str], Recipient] = {}
    relatives = set()
    for session_id, audience in audiences(sessions, now=now).items():
        for recipient in audience:
            recipients[recipient.person.id, session_id] = recipient
            if recipient.role is PersonKind.RELATIVE:
                relatives.add(recipient.person.id)
    return recipients, relatives


def _left_out(
    recipients: Mapping[tuple[str, str], Recipient], sessions: Mapping[str, Session]
) -> Iterator[tuple[str, str]]:
    """Return relatives and sessions (ids) to which, as their family agreed, they do not come."""
    patients = {who.patient_id for who in recipients.values() if who.patient_id is not None}
    plans = plans_of(patients) if patients else {}
    for (person_id, session_id), who in recipients.items():
        parts = plans.get(who.patient_id or "", ())
        session = sessions[session_id]
        day = datetime.fromisoformat(session.starts_local).date()
        if who.role is PersonKind.RELATIVE and leaves_out(parts, session.kind, person_id, day):
            yield person_id, session_id


def _held_up_now(
    recipients: Iterable[Recipient], reminded: set[str], now: datetime
) -> tuple[dict[str, datetime | None], dict[str, datetime | None]]:
    """Return from when mail, and from when texts may arrive at those who are reminded (ids) and at
    whom they may not now.
    """
    people = {recipient.person.id: recipient.person for recipient in recipients}
    mails, texts = [], []
    for person_id in reminded & people.keys():
        person = people[person_id]
        mails.append((person_id, person.email))
        texts.append((person_id, person.phone or ""))
    return _held_up(mails, Channel.MAIL, now), _held_up(texts, Channel.TEXT, now)


def _held_up(
    letters: list[tuple[str, str]], channel: Channel, now: datetime
) -> dict[str, datetime | None]:
    """Return from when something may arrive at those at whom nothing may now, by id."""
    found = {}
    for (person_id, _address), hours in hours_for(letters, channel).items():
        free = safe_from(now, hours)
        if free != now:
            found[person_id] = free
    return found


def _by_date(dates: Iterable[ToldDate]) -> dict[tuple[str, str], ToldDate]:
    found = {}
    for date in dates:
        key = date.person_id, date.session_id
        found[key] = date
    return found


def _concerned(sessions: set[str], reminded: set[str], now: datetime) -> Select[Any]:
    seats = select(SessionPatient.person_id)
    patients = seats.where(SessionPatient.session_id.in_(sessions))
    places = select(SessionPatient.session_id)
    theirs = places.where(SessionPatient.person_id.in_(patients))
    is_near = Session.starts_at.between(now - DAY, now + AHEAD)
    is_scheduled = Session.status == Status.SCHEDULED
    leads = select(SessionLead.session_id)
    led = leads.where(SessionLead.person_id.in_(reminded))
    is_theirs = or_(Session.id.in_(theirs), Session.id.in_(led))
    near = is_near & is_scheduled & is_theirs
    rows = select(Session).where(or_(Session.id.in_(sessions), near))
    return rows.order_by(Session.starts_at)
