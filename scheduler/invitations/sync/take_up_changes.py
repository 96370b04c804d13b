"""From what changed about sessions to what each person does not know yet: one row a person and
session.

It is written with the change's being taken up, so that a process that dies between leaves both or
none.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, false, func, or_, select, update

from scheduler.consents import audiences_had
from scheduler.invitations.model.models import ChangeNotice
from scheduler.invitations.sync.leaders_left import note_fewer, sessions_left
from scheduler.kernel.database import db
from scheduler.kernel.upsert import insert_absent
from scheduler.people.models import PersonKind
from scheduler.sessions import LEFT, cooling_sessions, sessions_by_id
from scheduler.sessions.models import (
    Session,
    SessionChange,
    SessionLead,
    SessionPatient,
    Status,
)

KEPT = timedelta(days=1)
"""How long what somebody was told is kept after the session is over."""
FEW = 20
"""Where more are asked about, all changes are taken up."""
Had = Mapping[str, frozenset[str]]
"""By session (id): ids of the patients and clinicians it is for, or would be if it stood."""


def take_up_changes(*, now: datetime, people: Collection[str] | None = None) -> None:
    """Note for everybody concerned what they know of sessions that changed and lie ahead; with
    `people` (ids) of sessions that concern one of these, the rest waits for the next who comes by.

    Relatives are invited, and hear by that. A patient's first sessions in a cohort are no change.
    """
    unheard = _unheard(now, people)
    left = _note_left(unheard, now)
    first = _first_changes(unheard)
    if first:
        left += _note_changed(first, now)
    note_fewer(left, now=now)


def _note_changed(first: Mapping[str, SessionChange], now: datetime) -> list[Session]:
    """Note what everybody knows of sessions that changed; return those that a patient left."""
    sessions = sessions_by_id(first)
    ahead = []
    for session in sessions.values():
        if _is_ahead(session, first, now):
            ahead.append(session)
    rows = _rows(ahead, first, now)
    _write(rows, [session.id for session in ahead], now)
    return sessions_left(ahead, first)


def _rows(
    ahead: Collection[Session], first: Mapping[str, SessionChange], now: datetime
) -> list[dict[str, object]]:
    had = _had(ahead, now)
    added = [session for session in ahead if first[session.id].version == 0]
    newcomers = _newcomers(added)
    rows = []
    for session in ahead:
        before = first[session.id]
        is_new = before.version == 0
        knew = _knew(before, session, had[session.id])
        for person_id in sorted(_concerned(session, knew, had[session.id])):
            if is_new and (person_id, session.cohort_id) in newcomers:
                continue
            known = before if person_id in knew else None
            row = _row(person_id, session, known, now)
            rows.append(row)
    return rows


def _concerned(session: Session, knew: frozenset[str], had: frozenset[str]) -> frozenset[str]:
    """Return who knew of a session as it was, and who may know of it as it is."""
    if session.status is Status.CANCELLED:
        return knew
    return knew | had


def _note_left(unheard: Iterable[SessionChange], now: datetime) -> list[Session]:
    """Note for whoever is in a session no longer, which goes on, that they know of it; return the
    sessions.
    """
    left = [change for change in unheard if change.version == LEFT]
    sessions = sessions_by_id({change.session_id for change in left})
    rows = []
    ahead: dict[str, Session] = {}
    for change in left:
        session = sessions[change.session_id]
        if session.starts_at > now:
            ahead[session.id] = session
            row = _row(change.people, session, change, now)
            rows.append(row)
    if ahead:
        _write(rows, ahead, now)
    return list(ahead.values())


def _unheard(now: datetime, people: Collection[str] | None) -> list[SessionChange]:
    """Return the changes that nobody was told of, by session, and take all of them up."""
    unheard = (
        select(SessionChange)
        .where(
            SessionChange.heard_at.is_(None),
            SessionChange.session_id.not_in(cooling_sessions(now)),
        )
        .order_by(SessionChange.session_id, SessionChange.version)
        .with_for_update(skip_locked=True)
    )
    if people is not None and len(people) < FEW:
        unheard = unheard.where(_concerns(people))
    found = list(db.session.scalars(unheard))
    for change in found:
        change.heard_at = now
    return found


def _concerns(people: Collection[str]) -> ColumnElement[bool]:
    """Choose the changes of sessions in which one of these people (ids) is, or was."""
    wanted = sorted(people)
    choices = [SessionChange.people.contains(person_id) for person_id in wanted]
    for seats in (SessionPatient, SessionLead):
        theirs = select(seats.session_id).where(seats.person_id.in_(wanted))
        choices.append(SessionChange.session_id.in_(theirs))
    return or_(false(), *choices)


def _first_changes(unheard: Iterable[SessionChange]) -> dict[str, SessionChange]:
    """Return by session (id) the first change of the session itself."""
    first: dict[str, SessionChange] = {}
    for change in unheard:
        if change.version != LEFT:
            first.setdefault(change.session_id, change)
    return first


def _is_ahead(session: Session, first: Mapping[str, SessionChange], now: datetime) -> bool:
    was = first[session.id].starts_at
    return session.starts_at > now or (was is not None and was > now)


def _had(sessions: Collection[Session], now: datetime) -> Had:
    found = {}
    for session_id, recipients in audiences_had(sessions, now=now).items():
        own = set()
        for recipient in recipients:
            if recipient.role is not PersonKind.RELATIVE:
                own.add(recipient.person.id)
        found[session_id] = frozenset(own)
    return found


def _knew(change: SessionChange, session: Session, had: frozenset[str]) -> frozenset[str]:
    """Return who knew of a session as it was: of those who are still in it whoever may know."""
    if change.starts_at is None:
        return frozenset()
    before = frozenset(change.people.split(",")) - {""}
    now_in_it = set()
    for person in (*session.leads, *session.patients):
        now_in_it.add(person.id)
    return (before & had) | (before - now_in_it)


def _newcomers(added: Collection[Session]) -> set[tuple[str, str]]:
    """Return the patients, with their cohort (ids), who have nothing in it but what is `added`."""
    if not added:
        return set()
    new = {session.id for session in added}
    cohorts = {session.cohort_id for session in added}
    theirs: set[str] = set()
    for session in added:
        theirs.update(patient.id for patient in session.patients)
    seats = (
        select(
            SessionPatient.person_id,
            Session.cohort_id,
            Session.id,
        )
        .join(Session, Session.id == SessionPatient.session_id)
        .where(
            Session.cohort_id.in_(cohorts),
            SessionPatient.person_id.in_(theirs),
        )
    )
    everybody = set()
    earlier = set()
    for person_id, cohort_id, session_id in db.session.execute(seats):
        everybody.add((person_id, cohort_id))
        if session_id not in new:
            earlier.add((person_id, cohort_id))
    return everybody - earlier


def _row(
    person_id: str, session: Session, known: SessionChange | None, now: datetime
) -> dict[str, object]:
    return {
        "person_id": person_id,
        "session_id": session.id,
        "starts_at": known.starts_at if known else None,
        "ends_at": known.ends_at if known else None,
        "pending": True,
        "since": now,
        "is_fewer": False,
        "was_fewer": False,
    }


def _write(rows: list[dict[str, object]], sessions: Iterable[str], now: datetime) -> None:
    """Write what is known for the first time; who was told before knows what they were told."""
    again = update(ChangeNotice).where(
        ChangeNotice.session_id.in_(list(sessions)),
        ChangeNotice.pending.is_(False),
    )
    anew = again.values(pending=True, since=now, pressed_at=None)
    over = now - KEPT
    old = delete(ChangeNotice).where(
        ChangeNotice.pending.is_(False),
        func.coalesce(ChangeNotice.starts_at, ChangeNotice.was_at) <= over,
        func.coalesce(ChangeNotice.was_at, ChangeNotice.starts_at) <= over,
    )
    for statement in (old, anew):
        db.session.execute(statement.execution_options(synchronize_session=False))
    insert_absent(ChangeNotice, rows)
