"""How sessions were before they changed, kept until those they concern have heard of it."""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Select, delete, insert, select, update

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.sessions.models import Session, SessionChange, Status

LEFT = -1
"""The version of a change that is none of the session: one person is in it no longer."""


def is_first_of_cohort(cohort_id: str) -> bool:
    """True if nothing of a cohort was ever published and left standing."""
    earlier = (
        select(Session.id)
        .where(Session.cohort_id == cohort_id, Session.taken_back.is_(False))
        .limit(1)
    )
    return db.session.scalar(earlier) is None


def note_added(ids: Iterable[str], *, now: datetime) -> None:
    """Keep that sessions (ids) were not there before."""
    rows = []
    for session_id in ids:
        row = {
            "id": new_id(),
            "session_id": session_id,
            "version": 0,
            "people": "",
            "changed_at": now,
        }
        rows.append(row)
    db.session.execute(insert(SessionChange), rows)


def note_change(session: Session, *, now: datetime) -> None:
    """Keep how a session is, before it is changed; what comes back after its first publication was
    taken back is no change.
    """
    if session.taken_back and _comes_first(session.cohort_id, now):
        return
    stood = session.status is not Status.CANCELLED
    people = [person.id for person in (*session.leads, *session.patients)]
    row = SessionChange(
        session_id=session.id,
        version=session.version + 1,
        starts_at=session.starts_at if stood else None,
        ends_at=session.ends_at if stood else None,
        people=",".join(people) if stood else "",
        changed_at=now,
    )
    db.session.add(row)


def note_left(sessions: Iterable[Session], person_id: str, *, now: datetime) -> None:
    """Keep that somebody is no longer in sessions that go on as they are."""
    for session in sessions:
        row = SessionChange(
            session_id=session.id,
            version=LEFT,
            starts_at=session.starts_at,
            ends_at=session.ends_at,
            people=person_id,
            changed_at=now,
        )
        db.session.add(row)
    db.session.flush()


def changes_since(ids: Iterable[str], *, since: datetime) -> dict[str, SessionChange]:
    """Return by session (id) how it was before its first change after `since`; those that are as
    they were are left out.
    """
    wanted = select(SessionChange).where(
        SessionChange.session_id.in_(list(ids)), SessionChange.changed_at > since
    )
    newest_first = (SessionChange.changed_at.desc(), SessionChange.version.desc())
    found = {}
    for change in db.session.scalars(wanted.order_by(*newest_first)):
        found[change.session_id] = change
    return found


def _comes_first(cohort_id: str, now: datetime) -> bool:
    """True if nothing of a cohort stands but what comes back at this moment."""
    other = (
        select(Session.id)
        .where(
            Session.cohort_id == cohort_id,
            Session.taken_back.is_(False),
            Session.changed_at != now,
        )
        .limit(1)
    )
    return db.session.scalar(other) is None


def let_changes_cool(keys: Collection[str], *, until: datetime, now: datetime) -> None:
    """Let nobody hear before `until` of what was changed `now` about sessions (by key)."""
    db.session.flush()
    theirs = select(Session.id).where(Session.key.in_(keys))
    just_now = (
        SessionChange.session_id.in_(theirs),
        SessionChange.changed_at == now,
        SessionChange.heard_at.is_(None),
    )
    wait = update(SessionChange).where(*just_now).values(not_before=until)
    db.session.execute(wait.execution_options(synchronize_session=False))


def forget_changes(keys: Collection[str], *, now: datetime) -> None:
    """Forget what cools about sessions (by key), and what was changed `now` to take it back."""
    db.session.flush()
    theirs = select(Session.id).where(Session.key.in_(keys))
    cools = SessionChange.not_before.is_not(None)
    unheard = (
        SessionChange.session_id.in_(theirs),
        SessionChange.heard_at.is_(None),
        cools | (SessionChange.changed_at == now),
    )
    forget = delete(SessionChange).where(*unheard)
    db.session.execute(forget.execution_options(synchronize_session=False))


def cooling_sessions(now: datetime) -> Select[str]:
    """Return the question for the sessions (ids) of which nobody hears yet."""
    cools = (SessionChange.heard_at.is_(None), SessionChange.not_before > now)
    return select(SessionChange.session_id).where(*cools)
