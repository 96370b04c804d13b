"""One-time codes for patients and relatives: six digits, ten minutes, five tries, single use."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import select, update

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.people.models import Person, SignInCode
from scheduler.people.passwords import code_hash

CODE_LASTS = timedelta(minutes=10)
TRIES = 5


def new_code(person: Person, *, now: datetime) -> str:
    """Make a code for a person; the codes they had before are void. Raises Busy."""
    code = f"{secrets.randbelow(1_000_000):06d}"
    row_id = new_id()
    hashed = code_hash(code, row_id)
    before = SignInCode.person_id == person.id
    db.session.execute(
        update(SignInCode).where(before, SignInCode.ends_at > now).values(ends_at=now)
    )
    db.session.add(
        SignInCode(
            id=row_id,
            person_id=person.id,
            code_hash=hashed,
            asked_at=now,
            ends_at=now + CODE_LASTS,
        )
    )
    db.session.flush()
    return code


def redeem(people: Sequence[Person], code: str, *, now: datetime) -> Person | None:
    """Return whose code this is, once; every wrong try counts, and a person nobody knows costs the
    same. Raises Busy.
    """
    said = "".join(letter for letter in code if letter in "0123456789")
    ids = [person.id for person in people]
    live = select(SignInCode).where(
        SignInCode.person_id.in_(ids),
        SignInCode.used_at.is_(None),
    )
    rows = list(
        db.session.scalars(
            live.where(
                SignInCode.ends_at > now,
                SignInCode.tries < TRIES,
            )
        )
    )
    if not rows:
        code_hash(said, new_id())
        return None
    for row in rows:
        row.tries += 1
        if compare_digest(code_hash(said, row.id), row.code_hash):
            row.used_at = now
            return next(person for person in people if person.id == row.person_id)
    return None
