"""One human with several rows is told of one place at a time, and of the other nothing.

What comes first: their own treatment and what they lead, then where a plan counts on them, then the
earlier session. So it does not change with who asks.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, union

from scheduler.consents.recipients.audience import Recipient
from scheduler.kernel.database import db
from scheduler.people import rows_of_bodies
from scheduler.people.models import Person, PersonKind
from scheduler.sessions import guests_of
from scheduler.sessions.models import Session, SessionLead, SessionPatient, Status

Told = Mapping[str, Collection[Recipient]]
"""By session (id), who would be told of it if nobody had other rows."""
Rank = tuple[int, datetime, str]


@dataclass(frozen=True, slots=True)
class Call:
    """A session that one row of a human would come to; the lower rank comes first."""

    session: Session
    row: Person
    rank: Rank

    def is_beside(self, other: "Call") -> bool:
        """True if it is another session at the same time, by another row."""
        mine = self.session
        theirs = other.session
        is_other = mine.id != theirs.id and self.row.id != other.row.id
        return is_other and mine.starts_at < theirs.ends_at and theirs.starts_at < mine.ends_at

    def gives_way_to(self, calls: Iterable["Call"]) -> bool:
        """True if a relative has another of these calls at the same time that comes first."""
        if self.row.kind is not PersonKind.RELATIVE:
            return False
        return any(other.is_beside(self) and other.rank < self.rank for other in calls)


def taken_elsewhere(
    sessions: Collection[Session],
    told: Told,
    judge: Callable[[Collection[Session]], Told],
) -> dict[str, set[str]]:
    """Return by session (id) the relatives (ids) who have another appointment then that comes
    first; `judge` says who would be told of other sessions.
    """
    shared = []
    bodies: set[str] = set()
    for session in sessions:
        of_session = _bodies(told[session.id])
        if of_session:
            shared.append(session)
            bodies |= of_session
    if not shared:
        return {}
    near = _near(
        bodies,
        shared,
    )
    found: dict[str, set[str]] = defaultdict(set)
    for own in _calls(
        near,
        judge(near),
    ).values():
        for call in own:
            if call.gives_way_to(own):
                found[call.session.id].add(call.row.id)
    return found


def _bodies(recipients: Iterable[Recipient]) -> set[str]:
    """Return the humans with several rows among the relatives who would be told."""
    found = set()
    for recipient in recipients:
        body = recipient.person.body_id
        if body is not None and recipient.role is PersonKind.RELATIVE:
            found.add(body)
    return found


def _near(bodies: Collection[str], sessions: Iterable[Session]) -> list[Session]:
    """Return the sessions of these humans, by whatever row, in the time of `sessions`, these
    included.
    """
    own = list(sessions)
    begin = min(session.starts_at for session in own)
    end = max(session.ends_at for session in own)
    leads = []
    patients = []
    for selves in rows_of_bodies(bodies).values():
        for person in selves:
            leads.append(person.id)
            patients.append(person.relative.patient_id if person.relative else person.id)
    led = select(SessionLead.session_id).where(SessionLead.person_id.in_(leads))
    sat = select(SessionPatient.session_id).where(SessionPatient.person_id.in_(patients))
    rows = (
        select(Session)
        .where(
            Session.id.in_(
                union(
                    led,
                    sat,
                )
            ),
            Session.status != Status.CANCELLED,
        )
        .where(
            Session.starts_at < end,
            Session.ends_at > begin,
        )
    )
    found = {session.id: session for session in own}
    for session in db.session.scalars(rows).unique():
        found.setdefault(
            session.id,
            session,
        )
    return list(found.values())


def _calls(sessions: Collection[Session], told: Told) -> dict[str, list[Call]]:
    """Return by body where each human with several rows is called to."""
    guests = guests_of([session.id for session in sessions])
    found: dict[str, list[Call]] = defaultdict(list)
    for session in sessions:
        for recipient in told[session.id]:
            body = recipient.person.body_id
            if body is None:
                continue
            number = 0
            if recipient.role is PersonKind.RELATIVE:
                if recipient.person.id in guests[session.id]:
                    number = 1
                else:
                    number = 2
            rank = (number, session.starts_at, session.key)
            found[body].append(
                Call(
                    session,
                    recipient.person,
                    rank,
                )
            )
    return found
