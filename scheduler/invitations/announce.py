"""Telling everybody who is invited what is different from what they were told; every letter to them begins here."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, true

from scheduler import audit
from scheduler.consents import barred, holds, is_barred
from scheduler.consents.models import Grant
from scheduler.invitations.itip import Content, Message, News, follow, must_split
from scheduler.invitations.letters import Sending, send
from scheduler.invitations.models import Invitation
from scheduler.invitations.outward import link_token
from scheduler.invitations.wanted import Wanted, wanted
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.outbox import has_left, take_back
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions import retire
from scheduler.sessions.models import Session, Status

AT_ONCE = 5000
"""Names in one question; beyond, every invitation is read."""

KINDS = {News.NEW: "invitation", News.CHANGED: "update", News.GONE: "cancellation"}


@dataclass(frozen=True, slots=True)
class Told:
    """One thing a person is told: `kind` is invitation, update or cancellation; `letter_id` None: nothing leaves."""

    person_id: str
    patient_id: str
    uid: str
    series: str
    kind: str
    sequence: int
    letter_id: str | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One UID on which told and now differ: what its calendar `shows`, and the message that follows.

    `message` None: the letter that waits must not leave, and what the calendar shows is right as it is.
    """

    uid: str
    known: Invitation | None
    wanted: Wanted | None
    shown: Content | None
    told: Content | None
    message: Message | None

    @property
    def elsewhere(self) -> bool:
        """Whether the person has another address than the one they were told at."""
        return self.known is not None and self.wanted is not None and self.known.address != self._address()

    def _address(self) -> str:
        assert self.wanted is not None
        return self.wanted.recipient.person.email


def announce(*, by: str, now: datetime, people: Collection[str] | None = None) -> list[Told]:
    """Compare what people (ids; None: all) were told with what is true, and write the letter for each difference.

    Safe to repeat: without a difference nothing is written. What has begun is never taken back.
    """
    should, known = _should_and_known(people, now)
    grants = _grants(known.values())
    kept_by: dict[str, set[str]] = defaultdict(set)
    scheduled, family = _still_scheduled(known.values())
    for each in should.values():
        kept_by[each.recipient.person.id] |= {one.session_id for one in each.content.meetings}
    found = []
    for uid in sorted({*should, *known}):
        row = known.get(uid)
        place = set() if row is None else scheduled if row.grant_id is None else scheduled & family
        without = place - kept_by[row.person_id] if row else place
        found.append(_compared(uid, row, should.get(uid), grants, without, now))
    told = [_tell(each, grants, by=by, now=now) for each in found if each is not None]
    return [each for each in told if each is not None]


def _should_and_known(people: Collection[str] | None, now: datetime) -> tuple[dict[str, Wanted], dict[str, Invitation]]:
    """Give by UID what is true and what was told, after every name that is used up was retired."""
    while True:
        should = wanted(people, now=now)
        known = {row.uid: row for row in db.session.scalars(_standing(people, should))}
        over = [uid for uid in should if uid in known and _needs_new_name(known[uid], should[uid], now)]
        if not over:
            return should, known
        retire(over, now=now)


def _needs_new_name(row: Invitation, want: Wanted, now: datetime) -> bool:
    """Say whether this name is used up: its series is parted here, or its cancellation has left (RFC 5546 2.1.5).

    A cancellation that never left, by silence or because a withdrawal kept it in, leaves the calendar as it was: the
    name stays, so that a new consent does not show everything twice.
    """
    if row.told is None:
        return has_left(row.person_id, row.uid, row.sequence, row.address)
    return must_split(Content.of_document(row.told), want.content, now)


def _compared(
    uid: str, row: Invitation | None, want: Wanted | None, grants: dict[str, Grant], without: set[str], now: datetime
) -> Difference | None:
    """Compare one UID; None when all was told. Only where something differs the outbox is asked what has left.

    `without` are sessions that take place without this person.
    """
    content = want.content if want else None
    if row is None:
        first = follow(None, content, shown=None, sequence=None, withdrawn=False, now=now)
        return Difference(uid, None, want, None, content, first)
    told = _told(row, content)
    ahead = told.ahead(now) if told else ()
    goes_on = any(each.session_id in without for each in ahead)
    grant = grants.get(row.grant_id or "")
    withdrawn = goes_on or (grant is not None and not holds(grant, now))
    about: dict[str, Any] = {"sequence": row.sequence, "withdrawn": withdrawn, "now": now}
    due = follow(told, content, shown=told, **about)
    found = Difference(uid, row, want, None, due.told if due else told, None)
    if due is None and not found.elsewhere:
        return None
    shown = _shown(row, told)
    message = follow(told, content, shown=None if found.elsewhere else shown, **about)
    return replace(found, shown=shown, message=message)


def _told(row: Invitation, content: Content | None) -> Content | None:
    """Read what was told; what was not yet kept then is taken to be as now."""
    told = Content.of_document(row.told) if row.told is not None else None
    if told is None or content is None or (told.place and told.sender):
        return told
    return replace(told, place=content.place, sender=content.sender)


def _shown(row: Invitation, told: Content | None) -> Content | None:
    """Give what the calendar shows: what was told when that has left the house, else what had left before."""
    if told is not None and has_left(row.person_id, row.uid, row.sequence, row.address):
        return told
    return Content.of_document(row.shown) if row.shown is not None else None


def _tell(each: Difference, grants: dict[str, Grant], *, by: str, now: datetime) -> Told | None:
    """Write what is told from now on, and the letter, unless its silence was asked for or nothing had arrived yet."""
    message, known = each.message, each.known
    grant = grants.get(known.grant_id or "") if known else None
    quiet = known is not None and grant is not None and _is_quiet(known, grant)
    silent = quiet and each.wanted is None
    if each.elsewhere and known is not None and not quiet:
        _say_goodbye(each, known, grant, now)
    if message is None:
        assert known is not None
        take_back(known.person_id, known.uid, known.address)
        _noted(each, now)
        return None
    row = _noted(each, now)
    letter_id = None
    if message.news is News.GONE and each.shown is None:
        take_back(row.person_id, row.uid, row.address)  # what never left needs no cancellation
    elif not silent:
        purpose = (each.wanted.recipient.purpose if each.wanted else None) or (grant.purpose if grant else None)
        until = each.wanted.covers_until if each.wanted else None
        letter_id = send(Sending(row, row.person, row.address, KINDS[message.news], purpose, until, message), now=now)
    kind = KINDS[message.news]
    about = {"uid": each.uid, "sequence": row.sequence, "grant": row.grant_id, "letter": letter_id}
    audit.append(f"invitations.{kind}", f"person {row.person_id}", about, by=by, now=now)
    return Told(row.person_id, row.patient_id, row.uid, row.series, kind, row.sequence, letter_id)


def _is_quiet(known: Invitation, grant: Grant) -> bool:
    """Say whether their calendar is left as it is: silence was chosen, or they are not to be contacted at all."""
    return grant.silent or is_barred(known.person_id, known.patient_id, barred([known.patient_id]))


def _say_goodbye(each: Difference, row: Invitation, grant: Grant | None, now: datetime) -> None:
    """Take what lies ahead out of the calendar at the old address, which may be somebody else's by now."""
    about: dict[str, Any] = {"sequence": row.sequence, "withdrawn": True, "now": now}
    message = follow(each.shown, None, shown=each.shown, **about)
    if message is not None:
        kind, purpose = KINDS[News.GONE], grant.purpose if grant else None
        send(Sending(row, row.person, row.address, kind, purpose, None, message), now=now)


def _noted(each: Difference, now: datetime) -> Invitation:
    """Write into the invitation what its person knows now."""
    message, want, row = each.message, each.wanted, each.known
    if row is None:
        assert want is not None
        row = _new(each.uid, want)
    row.shown = None if each.elsewhere or each.shown is None else each.shown.document()
    if want is not None:
        row.grant_id, row.address = want.recipient.grant_id, want.recipient.person.email
    told = message.told if message else each.told
    row.sequence, row.told_at = message.sequence if message else row.sequence, now
    row.told = told.document() if told else None
    db.session.flush()
    if want is None and row.grant_id is None:
        retire([each.uid], now=now)  # a patient's sessions go on in their feed, under a name that no invitation had
    return row


def _new(uid: str, want: Wanted) -> Invitation:
    person = want.recipient.person
    row = Invitation(
        uid=uid, person_id=person.id, patient_id=want.recipient.about_id, series=want.name.series,
        token_hash=token_hash(link_token(uid)),
    )  # fmt: skip
    row.person = person
    db.session.add(row)
    return row


def _standing(people: Collection[str] | None, should: Collection[str]) -> Select[Invitation]:
    """Choose what was told and stands, and what silence once ended under a name that is wanted again."""
    again = Invitation.uid.in_(list(should)) if len(should) <= AT_ONCE else true()
    rows = select(Invitation).where(Invitation.told.is_not(None) | Invitation.shown.is_not(None) | again)
    return rows if people is None else rows.where(Invitation.person_id.in_(list(people)))


def _grants(rows: Iterable[Invitation]) -> dict[str, Grant]:
    ids = {row.grant_id for row in rows} - {None}
    return {each.id: each for each in db.session.scalars(select(Grant)) if each.id in ids} if ids else {}


def _still_scheduled(rows: Iterable[Invitation]) -> tuple[set[str], set[str]]:
    """Give the ids of told sessions that take place, for this person or without, and of those that families know."""
    told = {session for row in rows if row.told for session, *_ in row.told["meetings"]}
    if not told:
        return set(), set()
    live = select(Session.id, Session.kind).where(Session.status != Status.CANCELLED)
    found = {key: kind for key, kind in db.session.execute(live) if key in told}
    return set(found), {key for key, kind in found.items() if kind in FAMILY_KINDS}
