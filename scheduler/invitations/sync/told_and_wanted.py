"""What is true and what was told, side by side by calendar name; names that are used up are retired
on the way.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select, true

from scheduler.invitations.model.content import Content
from scheduler.invitations.model.itip import must_split, stand_apart
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.sync.desired_state import DesiredState, desired_state
from scheduler.kernel.database import db
from scheduler.outbox import has_left
from scheduler.sessions import give_own_uids, retire

AT_ONCE = 5000
"""Names in one question; beyond, every invitation is read."""


def read_both_sides(
    people: Collection[str] | None, now: datetime
) -> tuple[dict[str, DesiredState], dict[str, Invitation], dict[str, Content]]:
    """Return by UID what is true and what was told, after every name that is used up was
    retired.
    """
    while True:
        should = desired_state(people, now=now)
        known = {row.uid: row for row in db.session.scalars(_standing(people, should))}
        told = _contents_told(known)
        used_up = _used_up(should, known, told, now)
        apart = _sessions_apart(should, used_up, told, now)
        if not used_up and not apart:
            return should, known, told
        retire(used_up, now=now)
        for uid, sessions in apart.items():
            give_own_uids(uid, sessions, now=now)


def _contents_told(known: Mapping[str, Invitation]) -> dict[str, Content]:
    found = {}
    for uid, row in known.items():
        if row.told is not None:
            found[uid] = Content.of_document(row.told)
    return found


def _used_up(
    should: Mapping[str, DesiredState],
    known: Mapping[str, Invitation],
    told: Mapping[str, Content],
    now: datetime,
) -> list[str]:
    """Return the UIDs under which nothing more can be told."""
    found = []
    for uid, want in should.items():
        row = known.get(uid)
        if row is not None and _needs_new_name(row, told.get(uid), want, now):
            found.append(uid)
    return found


def _sessions_apart(
    should: Mapping[str, DesiredState],
    used_up: Collection[str],
    told: Mapping[str, Content],
    now: datetime,
) -> dict[str, tuple[str, ...]]:
    """Return by UID the sessions (ids) that need a name of their own."""
    found = {}
    for uid, want in should.items():
        sessions = (
            ()
            if uid in used_up
            else _apart(
                told.get(uid),
                want.content,
                now,
            )
        )
        if sessions:
            found[uid] = sessions
    return found


def _needs_new_name(
    row: Invitation, told: Content | None, want: DesiredState, now: datetime
) -> bool:
    """True if this name is used up: its series is parted here, or its cancellation has left
    (RFC 5546 2.1.5).

    A cancellation that never left, by silence or because a withdrawal kept it in, leaves the
    calendar as it was: the name stays, so that a new consent does not show everything twice.
    """
    if told is None:
        return has_left(
            row.person_id,
            row.uid,
            row.sequence,
            row.address,
        )
    shown = None
    if row.shown is not None:
        shown = Content.of_document(row.shown)
    return _is_changed(told, want.content, now) and must_split(told, want.content, shown, now)


def _apart(told: Content | None, content: Content, now: datetime) -> tuple[str, ...]:
    if _is_changed(told, content, now):
        return stand_apart(told, content, now)
    return ()


def _is_changed(told: Content | None, content: Content, now: datetime) -> bool:
    """True if a series is to be held another way than it was told; time alone changes
    nothing.
    """
    return content.series and (
        told is None or told.zone != content.zone or told.ahead(now) != content.meetings
    )


def _standing(people: Collection[str] | None, should: Collection[str]) -> Select[Invitation]:
    """Choose what was told and stands, and what silence once ended under a name that is wanted
    again.
    """
    again: ColumnElement[bool] = true()
    if len(should) <= AT_ONCE:
        again = Invitation.uid.in_(list(should))
    told = Invitation.told.is_not(None)
    shown = Invitation.shown.is_not(None)
    rows = select(Invitation).where(told | shown | again)
    if people is None:
        return rows
    return rows.where(Invitation.person_id.in_(list(people)))
