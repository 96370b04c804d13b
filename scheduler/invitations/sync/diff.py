"""Where told and wanted differ: every UID of everybody invited, and the message that makes its
calendar true again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, true

from scheduler.consents import holds
from scheduler.consents.model.models import Grant
from scheduler.invitations.model.itip import Content, Message, follow, must_split, stand_apart
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.sync.desired_state import DesiredState, desired_state
from scheduler.invitations.sync.stale_entries import tell_gone_again
from scheduler.kernel.database import db
from scheduler.outbox import has_left
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions import give_own_uids, retire
from scheduler.sessions.models import Session, Status

AT_ONCE = 5000
"""Names in one question; beyond, every invitation is read."""

Grants = Mapping[str, Grant]


@dataclass(frozen=True, slots=True)
class Difference:
    """One UID on which told and now differ: what its calendar `shows`, and the message that
    follows.

    `message` None: the letter that waits must not leave, and what the calendar shows is right as it
    is.
    """

    uid: str
    known: Invitation | None
    wanted: DesiredState | None
    shown: Content | None
    told: Content | None
    message: Message | None

    @property
    def elsewhere(self) -> bool:
        """Whether the person has another address than the one they were told at."""
        return (
            self.known is not None
            and self.wanted is not None
            and self.known.address != self._address()
        )

    @property
    def person_id(self) -> str:
        """Whose calendar it is."""
        if self.known is not None:
            return self.known.person_id
        assert self.wanted is not None
        return self.wanted.recipient.person.id

    @property
    def grant_id(self) -> str | None:
        """The grant under which this is told: of what is wanted, else of what was told; None for
        their own affair.
        """
        if self.wanted is not None:
            return self.wanted.recipient.grant_id
        assert self.known is not None
        return self.known.grant_id

    def _address(self) -> str:
        assert self.wanted is not None
        return self.wanted.recipient.person.email


def differences(
    *, now: datetime, people: Collection[str] | None
) -> tuple[list[Difference], Grants]:
    """Return all that people (ids; None: all) do not know as it is, by UID, and the grants it was
    told under.

    A series that cannot go on under its name takes another for the rest, and a session that the
    series can only say by an exception to its first instance takes one of its own.
    """
    should, known, told = _should_known_told(people, now)
    told |= tell_gone_again(known, should, told, _grants(known.values()), now=now)
    grants = _grants(known.values())
    scheduled, family = _still_scheduled(known.values())
    kept_by: dict[str, set[str]] = defaultdict(set)
    for want in should.values():
        kept_by[want.recipient.person.id] |= {
            meeting.session_id for meeting in want.content.meetings
        }
    found = []
    for uid in sorted({*should, *known}):
        row = known.get(uid)
        place = set() if row is None else scheduled if row.grant_id is None else scheduled & family
        without = place - kept_by[row.person_id] if row else place
        found.append(_compared(uid, row, told.get(uid), should.get(uid), grants, without, now))
    return [difference for difference in found if difference is not None], grants


def _should_known_told(
    people: Collection[str] | None, now: datetime
) -> tuple[dict[str, DesiredState], dict[str, Invitation], dict[str, Content]]:
    """Return by UID what is true and what was told, after every name that is used up was
    retired.
    """
    while True:
        should = desired_state(people, now=now)
        known = {row.uid: row for row in db.session.scalars(_standing(people, should))}
        told = {
            uid: Content.of_document(row.told) for uid, row in known.items() if row.told is not None
        }
        over = [
            uid
            for uid in should
            if uid in known and _needs_new_name(known[uid], told.get(uid), should[uid], now)
        ]
        apart = {
            uid: _apart(told.get(uid), want.content, now)
            for uid, want in should.items()
            if uid not in over
        }
        if not over and not any(apart.values()):
            return should, known, told
        retire(over, now=now)
        for uid, sessions in apart.items():
            give_own_uids(uid, sessions, now=now)


def _needs_new_name(
    row: Invitation, told: Content | None, want: DesiredState, now: datetime
) -> bool:
    """True if this name is used up: its series is parted here, or its cancellation has left
    (RFC 5546 2.1.5).

    A cancellation that never left, by silence or because a withdrawal kept it in, leaves the
    calendar as it was: the name stays, so that a new consent does not show everything twice.
    """
    if told is None:
        return has_left(row.person_id, row.uid, row.sequence, row.address)
    shown = Content.of_document(row.shown) if row.shown is not None else None
    return _is_changed(told, want.content, now) and must_split(told, want.content, shown, now)


def _apart(told: Content | None, content: Content, now: datetime) -> tuple[str, ...]:
    return stand_apart(told, content, now) if _is_changed(told, content, now) else ()


def _is_changed(told: Content | None, content: Content, now: datetime) -> bool:
    """True if a series is to be held another way than it was told; time alone changes
    nothing.
    """
    return content.series and (
        told is None or told.zone != content.zone or told.ahead(now) != content.meetings
    )


def _compared(
    uid: str,
    row: Invitation | None,
    known: Content | None,
    want: DesiredState | None,
    grants: Grants,
    without: set[str],
    now: datetime,
) -> Difference | None:
    """Compare one UID; None when all was told. Only where something differs the outbox is asked
    what has left.

    `without` are sessions that take place without this person.
    """
    content = want.content if want else None
    if row is None:
        first = follow(None, content, shown=None, sequence=None, withdrawn=False, now=now)
        return Difference(uid, None, want, None, content, first)
    told = known.completed(content) if known else None
    ahead = told.ahead(now) if told else ()
    goes_on = any(meeting.session_id in without for meeting in ahead)
    grant = grants.get(row.grant_id or "")
    withdrawn = goes_on or (grant is not None and not holds(grant, now))
    about: dict[str, Any] = {"sequence": row.sequence, "withdrawn": withdrawn, "now": now}
    due = follow(told, content, shown=told, **about)
    found = Difference(uid, row, want, None, due.told if due else told, None)
    if due is None and not found.elsewhere:
        return None
    shown = _shown(row, told, content)
    message = follow(told, content, shown=None if found.elsewhere else shown, **about)
    return replace(found, shown=shown, message=message)


def _shown(row: Invitation, told: Content | None, content: Content | None) -> Content | None:
    """Return what the calendar shows: what was told when that has left the house, else what had
    left before.
    """
    if told is not None and has_left(row.person_id, row.uid, row.sequence, row.address):
        return told
    return Content.of_document(row.shown).completed(content) if row.shown is not None else None


def _standing(people: Collection[str] | None, should: Collection[str]) -> Select[Invitation]:
    """Choose what was told and stands, and what silence once ended under a name that is wanted
    again.
    """
    again = Invitation.uid.in_(list(should)) if len(should) <= AT_ONCE else true()
    rows = select(Invitation).where(
        Invitation.told.is_not(None) | Invitation.shown.is_not(None) | again
    )
    return rows if people is None else rows.where(Invitation.person_id.in_(list(people)))


def _grants(rows: Iterable[Invitation]) -> dict[str, Grant]:
    ids = {row.grant_id for row in rows} - {None}
    return (
        {grant.id: grant for grant in db.session.scalars(select(Grant)) if grant.id in ids}
        if ids
        else {}
    )


def _still_scheduled(rows: Iterable[Invitation]) -> tuple[set[str], set[str]]:
    """Return the ids of told sessions that take place, for this person or without, and of those
    that families know.
    """
    told = {session for row in rows if row.told for session, *_ in row.told["meetings"]}
    if not told:
        return set(), set()
    live = select(Session.id, Session.kind).where(Session.status != Status.CANCELLED)
    found = {key: kind for key, kind in db.session.execute(live) if key in told}
    return set(found), {key for key, kind in found.items() if kind in FAMILY_KINDS}
