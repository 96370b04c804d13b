"""Telling once more what will be within a day, and whose calendar address nobody has looked at
since.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, or_, select

from scheduler.invitations.letters.change_letter import send_changes
from scheduler.invitations.model.itip import SOON
from scheduler.invitations.model.models import ChangeNotice
from scheduler.invitations.sync.tell_changes import Heard, letter_about, write_down
from scheduler.invitations.sync.unknown import Times, Unknown, by_person
from scheduler.kernel.database import db
from scheduler.people import people_by_id
from scheduler.sessions import sessions_by_id
from scheduler.sessions.models import Session

Ask = Callable[[Collection[str], datetime], set[str]]
"""Asked which of these people (ids) have a calendar address that was not fetched since a change."""

_ask: Ask | None = None


def ask_who_has_not_seen(ask: Ask) -> None:
    """Tell this process whom to ask what was fetched; done by the factory, once."""
    global _ask
    _ask = ask


def press_changes(*, by: str, now: datetime, people: Collection[str] | None = None) -> list[Heard]:
    """Tell people (ids; None: all) again, once, what they were told more than a day before and have
    not seen since.
    """
    missed = _missed(people, now)
    everybody = people_by_id({each.notice.person_id for each in missed})
    told = []
    for person_id, theirs in by_person(missed).items():
        letter = letter_about(everybody[person_id], theirs, again=True)
        letter_id = send_changes(letter, now=now)
        for each in theirs:
            each.notice.pressed_at = now
        heard = Heard(
            person_id,
            theirs[0].session.series,
            letter_id,
        )
        write_down(heard, theirs, by=by, now=now)
        told.append(heard)
    return told


def _missed(people: Collection[str] | None, now: datetime) -> list[Unknown]:
    """Return what was told before its last day and not fetched since."""
    if _ask is None:
        return []
    rows = list(db.session.scalars(_near(people, now)))
    sessions = sessions_by_id({row.session_id for row in rows})
    found = []
    for row in rows:
        session = sessions[row.session_id]
        is_early = _was_told_early(row, session, now)
        if is_early and _ask([row.person_id], row.since):
            again = _again(row, session)
            if again.was != again.now_is:  # A calendar says nothing of who takes part.
                found.append(again)
    return found


def _was_told_early(row: ChangeNotice, session: Session, now: datetime) -> bool:
    """True if somebody was told before the last day: within it the letter itself was the last
    word.
    """
    near = [at for at in (row.was_at, session.starts_at) if at is not None and at > now]
    return row.told_at is not None and row.told_at < min(near) - SOON


def _near(people: Collection[str] | None, now: datetime) -> Select[ChangeNotice]:
    """Choose what was told and begins, or was to begin, within a day."""
    within = Session.starts_at.between(now, now + SOON)
    was_within = ChangeNotice.was_at.between(now, now + SOON)
    rows = (
        select(ChangeNotice)
        .join(Session, Session.id == ChangeNotice.session_id)
        .where(
            ChangeNotice.pending.is_(False),
            ChangeNotice.pressed_at.is_(None),
            ChangeNotice.told_at.is_not(None),
            or_(within, was_within),
        )
        .order_by(ChangeNotice.person_id, ChangeNotice.session_id)
        .with_for_update(skip_locked=True, of=ChangeNotice)
    )
    if people is not None:
        rows = rows.where(ChangeNotice.person_id.in_(list(people)))
    return rows


def _again(row: ChangeNotice, session: Session) -> Unknown:
    """Return what was told, as if it were not."""
    was: Times | None = None
    if row.was_at is not None:
        was = row.was_at, row.was_at + timedelta(minutes=session.minutes)
    now_is: Times | None = None
    if row.starts_at is not None and row.ends_at is not None:
        now_is = row.starts_at, row.ends_at
    return Unknown(
        row,
        session,
        was,
        now_is,
    )
