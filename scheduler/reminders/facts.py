"""What decides over reminders: sessions near, who may know of them, what relatives were told, each program's policy."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from scheduler.consents import Recipient, audiences, is_placed
from scheduler.invitations import ToldDate, told_dates
from scheduler.kernel.database import db
from scheduler.people import practice
from scheduler.people.models import Person, PersonKind
from scheduler.programs.models import Cohort, Enrolment
from scheduler.reminders.due import AHEAD, DAY
from scheduler.reminders.models import Reminder, ReminderPolicy
from scheduler.reminders.occasions import Ahead
from scheduler.reminders.policy import USUAL, Audience, Policy
from scheduler.sessions.models import Session, SessionPatient, Status

NEW = timedelta(days=45)
"""A first session lies this near to the first day of the stay."""


@dataclass(frozen=True, slots=True)
class Facts:
    """By (person, session): `recipients` and `told`. `ahead` is each person's own time, in order."""

    sessions: dict[str, Session]
    recipients: dict[tuple[str, str], Recipient]
    told: dict[tuple[str, str], ToldDate]
    ahead: dict[str, list[Ahead]]
    policies: dict[tuple[str, Audience], Policy]
    programs: dict[str, str]
    """The program of each cohort."""
    zone: str

    def policy(self, session: Session, one: Recipient | None) -> Policy:
        """Give the policy for a recipient of a session."""
        audience = Audience.RELATIVE if one and one.role is PersonKind.RELATIVE else Audience.PATIENT
        return self.policies.get((self.programs[session.cohort_id], audience), USUAL[audience])

    def zone_of(self, person: Person) -> str:
        """Give a person's own zone."""
        return person.zone or self.zone

    def told_as_it_stands(self, person_id: str, session: Session) -> ToldDate | None:
        """Give what a relative was told of a session, when that is still so."""
        told = self.told.get((person_id, session.id))
        return told if told is not None and told.begins_at == session.starts_at else None


def gather(due: Iterable[Reminder], now: datetime) -> Facts:
    """Look at everything near `now`, and at the sessions of the reminders that are due."""
    near = (Session.starts_at > now - DAY, Session.starts_at <= now + AHEAD, Session.status == Status.SCHEDULED)
    rows = {row.id: row for row in db.session.scalars(select(Session).where(*near).order_by(Session.starts_at))}
    missing = {one.session_id for one in due} - rows.keys()
    rows |= {row.id: row for row in db.session.scalars(select(Session).where(Session.id.in_(missing)))}
    recipients = {
        (one.person.id, key): one
        for key, those in audiences(rows.values(), now=now).items()
        for one in those
        if one.role is not PersonKind.CLINICIAN
    }
    relatives = {one.person.id for one in recipients.values() if one.role is PersonKind.RELATIVE}
    told = {(each.person_id, each.session_id): each for each in told_dates(relatives)} if relatives else {}
    policies = {(row.program_id, row.audience): row.policy for row in db.session.scalars(select(ReminderPolicy))}
    programs = {row.id: row.program_id for row in db.session.execute(select(Cohort.id, Cohort.program_id))}
    zone = practice().zone if recipients else "UTC"
    return Facts(rows, recipients, told, _ahead(rows, recipients), policies, programs, zone)


def first_sessions(facts: Facts, now: datetime) -> dict[str, datetime]:
    """Give the start of the first session ever, of patients who have just come and of relatives, by person."""
    new = Enrolment.first >= (now - NEW).date()
    rows = (
        select(SessionPatient.person_id, func.min(Session.starts_at))
        .join(Session, Session.id == SessionPatient.session_id)
        .join(Enrolment, Enrolment.patient_id == SessionPatient.person_id)
        .where(new, Session.status != Status.CANCELLED)
        .group_by(SessionPatient.person_id)
    )
    found = {row[0]: row[1] for row in db.session.execute(rows)}
    told: dict[str, datetime] = {}
    for each in facts.told.values():
        told[each.person_id] = min(each.begins_at, told.get(each.person_id, each.begins_at))
    return found | told


def _ahead(sessions: dict[str, Session], recipients: dict[tuple[str, str], Recipient]) -> dict[str, list[Ahead]]:
    """Lay out each person's sessions in order; of a placed one the first relative by key is asked first."""
    asked: dict[str, str] = {}
    for (_, session_id), one in recipients.items():
        if one.role is PersonKind.RELATIVE and is_placed(sessions[session_id]):
            asked[session_id] = min(one.person.key, asked.get(session_id, one.person.key))
    found: dict[str, list[Ahead]] = defaultdict(list)
    shared: dict[tuple[str, bool, bool], Ahead] = {}
    for (person_id, session_id), one in recipients.items():
        row = sessions[session_id]
        asks = one.role is PersonKind.RELATIVE and session_id in asked
        second = asks and asked[session_id] != one.person.key
        case = session_id, asks, second
        if case not in shared:  # a thousand people have few different weeks
            shared[case] = Ahead(session_id, row.starts_at, row.ends_at, asks, second)
        found[person_id].append(shared[case])
    for those in found.values():
        those.sort(key=lambda one: (one.starts_at, one.session_id))
    return found
