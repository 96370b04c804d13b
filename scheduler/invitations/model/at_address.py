"""Dates that an invitation told once and none tells now: they are at the person's calendar address,
and the page that told of them goes on. Whether they may know of them is asked elsewhere.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from operator import attrgetter

from sqlalchemy import select

from scheduler.invitations.model.models import AnswerGiven, Invitation
from scheduler.invitations.model.standing_answers import (
    ToldDate,
    answers_of,
    dates_told,
    is_to_one_date,
    newness,
    times_answered,
)
from scheduler.kernel.database import db
from scheduler.sessions.models import Session, Status

Names = dict[str, datetime]
"""By session (id) when it was last said to begin, which names the date in its invitation."""


def dates_at_address(people: Collection[str]) -> list[ToldDate]:
    """Return what stands of dates that these people (ids) were told once and no invitation tells
    now, each under the newest that told it, with the answer that counts.
    """
    return _dates(people, None)


def dates_gone_over(row: Invitation) -> list[ToldDate]:
    """Return the same of one invitation, in order."""
    if row.was:
        return _dates([row.person_id], row)
    return []


def dates_of_page(row: Invitation) -> list[ToldDate]:
    """Return all that the page of an invitation tells, in order: what it tells itself, and what
    went over to the address.
    """
    return sorted([*dates_told([row]), *dates_gone_over(row)], key=attrgetter("begins_at", "uid"))


def _dates(people: Collection[str], only: Invitation | None) -> list[ToldDate]:
    rows = _rows(people)
    told = _told(rows)
    names: dict[str, Names] = {}
    wanted: set[str] = set()
    for row in rows:
        if only is None or row.uid == only.uid:
            names[row.uid] = _names(row, told)
            wanted.update(names[row.uid])
    if not wanted:
        return []
    sessions = _standing(wanted)
    given = answers_of(set(people))
    found: dict[tuple[str, str], ToldDate] = {}
    for row in rows:
        for session_id, name in names.get(row.uid, {}).items():
            session = sessions.get(session_id)
            if session is not None:
                date = _date(row, name, session, given.get(row.person_id, ()))
                found[row.person_id, session_id] = date
    return sorted(found.values(), key=attrgetter("begins_at", "uid"))


def _rows(people: Collection[str]) -> list[Invitation]:
    """Return the invitations of which something is or was told, the oldest first."""
    rows = select(Invitation).where(Invitation.person_id.in_(list(people)))
    known = rows.where(Invitation.told.is_not(None) | Invitation.was.is_not(None))
    return list(db.session.scalars(known.order_by(Invitation.told_at, Invitation.uid)))


def _told(rows: Collection[Invitation]) -> set[tuple[str, str]]:
    """Return (person, session) of all that an invitation tells."""
    found = set()
    for row in rows:
        for meeting in row.told["meetings"] if row.told is not None else ():
            found.add((row.person_id, meeting[0]))
    return found


def _names(row: Invitation, told: Collection[tuple[str, str]]) -> Names:
    found = {}
    for session_id, begins, _minutes in row.was or ():
        if (row.person_id, session_id) not in told:
            found[session_id] = datetime.fromisoformat(begins)
    return found


def _standing(ids: Collection[str]) -> Mapping[str, Session]:
    rows = select(Session).where(Session.id.in_(list(ids)), Session.status != Status.CANCELLED)
    return {session.id: session for session in db.session.scalars(rows).unique()}


def _date(
    row: Invitation, name: datetime, session: Session, given: Collection[AnswerGiven]
) -> ToldDate:
    to_it = []
    for answer in given:
        if session.id in (times_answered(answer) or {}):
            to_it.append(answer)
    best = max(to_it, key=newness, default=None)
    answered = (times_answered(best) or {})[session.id] if best else None
    return ToldDate(
        row.uid,
        row.person_id,
        session.id,
        name,
        session.starts_at,
        session.ends_at,
        row.told_at,
        answer=best.answer if best else None,
        current=answered == (session.starts_at, session.minutes),
        answered_for=answered[0] if answered else None,
        alone=is_to_one_date(best),
    )
