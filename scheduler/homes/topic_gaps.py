"""Topics that a patient missed, and where each comes again: in a group they sit in anyway, or in
another one with a place.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler.attendance import AWAY, attendance_of_all
from scheduler.homes.make_up_groups import KINDS, groups_that_fit
from scheduler.kernel.database import db
from scheduler.people.models import Person
from scheduler.programs import Kind
from scheduler.sessions.models import Session, SessionPatient, Status

Topic = tuple[str, Kind, str]
"""The program (id), the kind of group, and the topic's name."""


@dataclass(frozen=True, slots=True)
class MissedTopic:
    """A topic not seen yet: the group in which it was missed last, the next of the patient's own in
    which it comes again, and, where there is none, other groups to ask for.
    """

    session: Session
    again: Session | None
    instead: tuple[Session, ...]


def missed_topics(patient: Person, *, now: datetime) -> list[MissedTopic]:
    """Return the topics a patient missed and did not see otherwise, in the order they were
    missed.
    """
    rows = _groups_of(patient)
    marks = attendance_of_all([row.id for row in rows])
    missed: dict[Topic, Session] = {}
    seen: set[Topic] = set()
    again: dict[Topic, Session] = {}
    for row in rows:
        topic = _topic(row)
        mark = marks.get(
            row.id,
            {},
        ).get(patient.id)
        if mark is not None and mark.state in AWAY:
            missed.pop(topic, None)
            missed[topic] = row
        elif mark is not None:
            seen.add(topic)
        elif row.starts_at > now:
            again.setdefault(topic, row)
    found = []
    for topic, row in missed.items():
        if topic not in seen and row.starts_at <= now:
            found.append(
                _gap(
                    row,
                    again.get(topic),
                    patient,
                    now,
                )
            )
    return found


def _gap(row: Session, again: Session | None, patient: Person, now: datetime) -> MissedTopic:
    """Return a topic that was missed; other groups are looked for where it comes again in none of
    the patient's own.
    """
    if again is not None:
        return MissedTopic(
            row,
            again,
            (),
        )
    return MissedTopic(
        row,
        None,
        tuple(
            groups_that_fit(
                row,
                patient,
                now=now,
            )
        ),
    )


def _groups_of(patient: Person) -> list[Session]:
    """Return the groups with a topic that seat or seated a patient and stand, in order."""
    wanted = (
        select(Session)
        .join(SessionPatient, SessionPatient.session_id == Session.id)
        .where(
            SessionPatient.person_id == patient.id,
            Session.kind.in_(KINDS),
            Session.topic.is_not(None),
            Session.status != Status.CANCELLED,
        )
        .order_by(Session.starts_at, Session.key)
    )
    return list(db.session.scalars(wanted).unique())


def _topic(row: Session) -> Topic:
    return row.cohort.program.root.id, row.kind, row.topic or ""
