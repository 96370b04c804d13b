"""Whether a relative is ready for family sessions: decided by staff, with a reason, and until when
if need be.
"""

from datetime import date, datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.people.field_words import note_desk_word
from scheduler.people.models import Person, ReadinessDecision
from scheduler.people.queries import practice


def decide_readiness(
    person: Person,
    *,
    ready: bool,
    until: date | None = None,
    reason: str,
    by: str,
    now: datetime,
) -> ReadinessDecision:
    """Write down that a relative is ready through the day `until` (None: until further notice), or
    is not. Raises InputError without a reason, for a day that is over, and for anybody else.
    """
    own = person.relative
    if own is None:
        raise InputError(f"{person.key} is no relative: readiness is decided of relatives")
    if not reason.strip():
        raise InputError("say why, in a few words")
    today = practice().day_at(now)
    if until is not None and (not ready or until < today):
        raise InputError("only somebody who is ready can be so until a day, and that day is ahead")
    row = ReadinessDecision(
        id=new_id(),
        person_id=person.id,
        ready=ready,
        until=until,
        reason=reason.strip(),
        decided_at=now,
        decided_by=by,
    )
    db.session.add(row)
    own.ready = ready
    own.ready_until = until
    db.session.flush()
    details = {
        "ready": ready,
        "until": until.isoformat() if until else None,
    }
    audit.append("readiness.decided", f"person {person.id}", details, by=by, now=now)
    note_desk_word(person, ["ready"], by=by, now=now)
    return row


def readiness_of(person: Person) -> list[ReadinessDecision]:
    """Return all that was decided of a relative's readiness, the newest first."""
    rows = select(ReadinessDecision).where(ReadinessDecision.person_id == person.id)
    newest = (ReadinessDecision.decided_at.desc(), ReadinessDecision.id)
    return list(db.session.scalars(rows.order_by(*newest)))
