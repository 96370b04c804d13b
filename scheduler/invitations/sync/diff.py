"""Where told and wanted differ: every UID of everybody invited, and the message that makes its
calendar true again.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from sqlalchemy import select

from scheduler.consents import holds
from scheduler.consents.model.models import Grant
from scheduler.invitations.model.content import Content
from scheduler.invitations.model.itip import Message, News, follow
from scheduler.invitations.model.models import Invitation
from scheduler.invitations.sync.desired_state import DesiredState
from scheduler.invitations.sync.put_back import ended_for, with_back
from scheduler.invitations.sync.stale_entries import tell_gone_again
from scheduler.invitations.sync.told_and_wanted import read_both_sides
from scheduler.kernel.database import db
from scheduler.outbox import has_left
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions.models import Session, Status

Grants = Mapping[str, Grant]
FEW = 500
"""So many are asked for by name; where more are told, all are read."""


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
    def never_left(self) -> bool:
        """True if it takes back what the calendar never showed."""
        message = self.message
        return message is not None and message.news is News.GONE and self.shown is None

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
    should, known, told = read_both_sides(people, now)
    told |= tell_gone_again(known, should, told, _grants(known.values()), now=now)
    grants = _grants(known.values())
    without = _sessions_without(known, should)
    found = []
    for uid in sorted({*should, *known}):
        row, want = known.get(uid), should.get(uid)
        elsewhere = without.get(uid, frozenset())
        difference = _compared(uid, row, told.get(uid), want, grants, elsewhere, now)
        if difference is not None:
            found.append(difference)
    return _with_back(found), grants


def _with_back(found: list[Difference]) -> list[Difference]:
    """Return the same; their messages know what takes place after all."""
    ended = ended_for({difference.person_id for difference in found}) if found else {}
    known = []
    for difference in found:
        message = difference.message
        if message is not None and ended:
            told = with_back(message, difference.person_id, ended)
            difference = replace(difference, message=told)
        known.append(difference)
    return known


def _sessions_without(
    known: Mapping[str, Invitation], should: Mapping[str, DesiredState]
) -> Mapping[str, Set[str]]:
    """Return by UID the sessions (ids) that take place without the person of the invitation."""
    scheduled, family = _still_scheduled(known.values())
    known_family = scheduled & family
    kept_by: dict[str, set[str]] = defaultdict(set)
    for want in should.values():
        kept = {meeting.session_id for meeting in want.content.meetings}
        kept_by[want.recipient.person.id] |= kept
    found = {}
    for uid, row in known.items():
        place = scheduled if row.grant_id is None else known_family
        found[uid] = place - kept_by[row.person_id]
    return found


def _compared(
    uid: str,
    row: Invitation | None,
    known: Content | None,
    want: DesiredState | None,
    grants: Grants,
    without: Set[str],
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
    step = partial(
        follow,
        told,
        content,
        sequence=row.sequence,
        withdrawn=_goes_on_without(row, told, without, grants, now),
        now=now,
    )
    due = step(shown=told)
    found = Difference(uid, row, want, None, due.told if due else told, None)
    if due is None and not found.elsewhere:
        return None
    shown = _shown(row, told, content)
    message = step(shown=None if found.elsewhere else shown)
    return replace(found, shown=shown, message=message)


def _goes_on_without(
    row: Invitation,
    told: Content | None,
    without: Set[str],
    grants: Grants,
    now: datetime,
) -> bool:
    """True if what is missing takes place without this person, or their grant has ended."""
    ahead = told.ahead(now) if told else ()
    if any(meeting.session_id in without for meeting in ahead):
        return True
    grant = grants.get(row.grant_id or "")
    return grant is not None and not holds(grant, now)


def _shown(row: Invitation, told: Content | None, content: Content | None) -> Content | None:
    """Return what the calendar shows: what was told when that has left the house, else what had
    left before.
    """
    if told is not None and has_left(
        row.person_id,
        row.uid,
        row.sequence,
        row.address,
    ):
        return told
    if row.shown is not None:
        return Content.of_document(row.shown).completed(content)
    return None


def _grants(rows: Iterable[Invitation]) -> dict[str, Grant]:
    ids = {row.grant_id for row in rows if row.grant_id is not None}
    if not ids:
        return {}
    wanted = select(Grant)
    if len(ids) < FEW:
        wanted = wanted.where(Grant.id.in_(ids))
    return {grant.id: grant for grant in db.session.scalars(wanted) if grant.id in ids}


def _still_scheduled(rows: Iterable[Invitation]) -> tuple[set[str], set[str]]:
    """Return the ids of told sessions that take place, for this person or without, and of those
    that families know.
    """
    told: set[str] = set()
    for row in rows:
        if row.told:
            told.update(meeting[0] for meeting in row.told["meetings"])
    if not told:
        return set(), set()
    live = select(Session.id, Session.kind).where(Session.status != Status.CANCELLED)
    if len(told) < FEW:
        live = live.where(Session.id.in_(told))
    scheduled, family = set(), set()
    for session_id, kind in db.session.execute(live):
        if session_id in told:
            scheduled.add(session_id)
            if kind in FAMILY_KINDS:
                family.add(session_id)
    return scheduled, family
