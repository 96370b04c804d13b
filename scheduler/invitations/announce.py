"""Telling every relative what is different from what they were told; every letter to them begins here."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Select, select

from scheduler import audit
from scheduler.consents import barred, holds, is_barred
from scheduler.consents.models import Grant
from scheduler.invitations.itip import Content, Message, Method, News, follow
from scheduler.invitations.letters import Sending, send
from scheduler.invitations.models import Invitation
from scheduler.invitations.outward import link_token
from scheduler.invitations.wanted import Wanted, wanted
from scheduler.kernel.database import db
from scheduler.kernel.ids import token_hash
from scheduler.outbox import was_handed_over
from scheduler.programs import FAMILY_KINDS
from scheduler.sessions import retire
from scheduler.sessions.models import Session, Status

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
    """One UID on which told and now differ, and the message that follows."""

    uid: str
    known: Invitation | None
    wanted: Wanted | None
    message: Message


def announce(*, by: str, now: datetime, people: Collection[str] | None = None) -> list[Told]:
    """Compare what relatives (ids; None: all) were told with what is true, and write the letter for each difference.

    Safe to repeat: without a difference nothing is written. What has begun is never taken back.
    """
    should = wanted(people, now=now)
    known = {row.uid: row for row in db.session.scalars(_standing(people))}
    grants = _grants(known.values())
    scheduled = _still_scheduled(known.values())
    found = []
    for uid in sorted({*should, *known}):
        message = _message(known.get(uid), should.get(uid), grants, scheduled, now)
        if message is not None:
            found.append(Difference(uid, known.get(uid), should.get(uid), message))
    return [_tell(each, grants, by=by, now=now) for each in found]


def _message(
    row: Invitation | None, want: Wanted | None, grants: dict[str, Grant], scheduled: set[str], now: datetime
) -> Message | None:
    told = Content.of_document(row.told) if row is not None and row.told is not None else None
    content = want.content if want else None
    if row is None or told is None:
        return follow(None, content, sequence=0, withdrawn=False, now=now)
    ahead = [one.session_id for one in told.meetings if one.begins_at > now]
    goes_on = any(each in scheduled for each in ahead)
    withdrawn = goes_on or not holds(grants[row.grant_id], now)
    elsewhere = want is not None and want.recipient.person.email != row.address
    return follow(told, content, sequence=row.sequence, withdrawn=withdrawn, now=now, elsewhere=elsewhere)


def _tell(each: Difference, grants: dict[str, Grant], *, by: str, now: datetime) -> Told:
    """Write what is told from now on, and the letter, unless its silence was asked for or nothing had arrived yet."""
    want, message = each.wanted, each.message
    known = each.known
    silent = known is not None and message.method is not Method.REQUEST and _is_quiet(known, grants[known.grant_id])
    row = _noted(each, now)
    if message.news is News.CHANGED and not was_handed_over(row.person_id, row.uid):
        message = replace(message, news=News.NEW, after=tuple(m for m in message.content.meetings if m.begins_at > now))
    kind = KINDS[message.news]
    letter_id = None
    if not silent:
        purpose = (want.recipient.purpose if want else None) or grants[row.grant_id].purpose
        letter_id = send(Sending(row, row.person, kind, purpose, want.covers_until if want else None, message), now=now)
    about = {"uid": each.uid, "sequence": row.sequence, "grant": row.grant_id, "letter": letter_id}
    audit.append(f"invitations.{kind}", f"person {row.person_id}", about, by=by, now=now)
    return Told(row.person_id, row.patient_id, row.uid, row.series, kind, row.sequence, letter_id)


def _is_quiet(known: Invitation, grant: Grant) -> bool:
    """Say whether their calendar is left as it is: silence was chosen, or they are not to be contacted at all."""
    return grant.silent or is_barred(known.person_id, known.patient_id, barred([known.patient_id]))


def _noted(each: Difference, now: datetime) -> Invitation:
    """Write into the invitation what its person knows now; a name whose all is cancelled is retired."""
    message, want, row = each.message, each.wanted, each.known
    if row is None:
        assert want is not None
        person = want.recipient.person
        row = Invitation(
            uid=each.uid,
            person_id=person.id,
            patient_id=want.recipient.patient_id,
            series=want.name.series,
            token_hash=token_hash(link_token(each.uid)),
        )
        row.person = person
        db.session.add(row)
    if want is not None:
        assert want.recipient.grant_id is not None
        row.grant_id, row.address = want.recipient.grant_id, want.recipient.person.email
    row.sequence, row.told_at = message.sequence, now
    row.told = message.told.document() if message.told else None
    db.session.flush()
    if message.told is None:
        retire([each.uid], now=now)
    return row


def _standing(people: Collection[str] | None) -> Select[Invitation]:
    rows = select(Invitation).where(Invitation.told.is_not(None))
    return rows if people is None else rows.where(Invitation.person_id.in_(list(people)))


def _grants(rows: Iterable[Invitation]) -> dict[str, Grant]:
    ids = {row.grant_id for row in rows}
    return {each.id: each for each in db.session.scalars(select(Grant)) if each.id in ids} if ids else {}


def _still_scheduled(rows: Iterable[Invitation]) -> set[str]:
    """Give the ids of told sessions that take place, for this person or without."""
    told = {session for row in rows for session, *_ in row.told["meetings"]}  # type: ignore[index]
    if not told:
        return set()
    live = select(Session.id).where(Session.status != Status.CANCELLED, Session.kind.in_(sorted(FAMILY_KINDS)))
    return told.intersection(db.session.scalars(live))
