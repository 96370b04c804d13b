"""A new mail address counts once a code that went there was typed: whoever mistypes theirs, or
whoever sits at a borrowed telephone, takes nobody's letters elsewhere.
"""

import secrets
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import func, select, update

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.kernel.ids import new_id
from scheduler.people.codes import CODE_LASTS, TRIES, MadeCode
from scheduler.people.models import Person
from scheduler.people.passwords import code_hash
from scheduler.people.proofs.models import AddressChange

DAY = timedelta(days=1)
MOST_A_DAY = 5
"""Codes that one person may have sent to addresses that are not theirs yet."""


def begin_new_address(person: Person, address: str, *, by: str, now: datetime) -> MadeCode:
    """Keep that a person wants their letters at another mail address, and return the code to send
    there; what they wanted before is void. Raises Conflict after five of a day, and Busy.
    """
    today = select(func.count()).where(
        AddressChange.person_id == person.id,
        AddressChange.asked_at > now - DAY,
    )
    if (db.session.scalar(today) or 0) >= MOST_A_DAY:
        raise Conflict("too many new addresses of one day")
    forget_new_address(person, now=now)
    digits, row_id = f"{secrets.randbelow(1_000_000):06d}", new_id()
    row = AddressChange(
        id=row_id,
        person_id=person.id,
        address=address,
        code_hash=code_hash(digits, row_id, own=True),
        asked_at=now,
        ends_at=now + CODE_LASTS,
    )
    db.session.add(row)
    db.session.flush()
    audit.append("people.new_address_asked", f"person {person.id}", {}, by=by, now=now)
    return MadeCode(digits, row.ends_at)


def new_address_of(person: Person, *, now: datetime) -> str | None:
    """Return the mail address that waits for its code; None where none does."""
    row = _waiting(person, now)
    return row.address if row is not None else None


def prove_new_address(person: Person, code: str, *, now: datetime) -> str | None:
    """Return the address whose code was typed, once; None for a wrong code, each of which counts,
    and after five. Raises Busy.
    """
    row = _waiting(person, now)
    if row is None:
        return None
    row.tries += 1
    said = "".join(letter for letter in code if letter in "0123456789")
    if not compare_digest(code_hash(said, row.id, own=True), row.code_hash):
        return None
    row.ended_at = now
    db.session.flush()
    return row.address


def forget_new_address(person: Person, *, now: datetime) -> None:
    """Let no address of a person wait for its code any more."""
    waiting = update(AddressChange).where(
        AddressChange.person_id == person.id,
        AddressChange.ended_at.is_(None),
    )
    db.session.execute(waiting.values(ended_at=now))


def _waiting(person: Person, now: datetime) -> AddressChange | None:
    wanted = select(AddressChange).where(
        AddressChange.person_id == person.id,
        AddressChange.ended_at.is_(None),
        AddressChange.ends_at > now,
        AddressChange.tries < TRIES,
    )
    return db.session.scalars(wanted.with_for_update()).one_or_none()
