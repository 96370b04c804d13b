"""One-time codes for patients and relatives: six digits, ten minutes, five tries, single use, and
only in a browser that asked for it.

Whoever asks again within a minute is sent the same code, so that a stranger who asks for somebody
else's code makes nothing void: the browsers that asked within that minute share it, each with its
own tries.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import delete, select

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id, token_hash
from scheduler.people.models import Person, SignInCode
from scheduler.people.passwords import code_hash
from scheduler.people.proofs.models import CodeAsking

CODE_LASTS = timedelta(minutes=10)
STANDS_FOR = timedelta(minutes=1)
"""How long whoever asks again is sent the code that stands."""
TRIES = 5


@dataclass(frozen=True, slots=True)
class MadeCode:
    """A code as it is mailed, and until when it opens."""

    digits: str
    ends_at: datetime


def new_code(person: Person, *, browser: str, now: datetime, own: bool = False) -> MadeCode:
    """Return the code that a person is mailed for the browser that asks: the one that was made
    within the minute, else a new one; what this browser had asked before is void. `own` says
    that they signed in with it before. Raises Busy.
    """
    row = _standing(person, now)
    if row is None:
        row = _make(person, now, own=own)
    else:
        code_hash("000000", new_id(), own=own)  # costs what a new one costs
    asked = token_hash(browser)
    before = _askings_of(person, asked, but=row.id)
    if before:
        db.session.execute(
            delete(CodeAsking).where(
                CodeAsking.code_id.in_(before),
                CodeAsking.browser_hash == asked,
            )
        )
    if db.session.get(CodeAsking, (row.id, asked)) is None:
        db.session.add(CodeAsking(code_id=row.id, browser_hash=asked, asked_at=now))
    db.session.flush()
    return MadeCode(row.sealed or "", row.ends_at)


def redeem(
    people: Sequence[Person], code: str, *, browser: str, now: datetime, own: bool = False
) -> Person | None:
    """Return whose code this is, once and in a browser that asked for it; every wrong try counts,
    and a person nobody knows costs the same. Raises Busy.
    """
    said = "".join(letter for letter in code if letter in "0123456789")
    wanted = (
        select(SignInCode, CodeAsking)
        .join(CodeAsking, CodeAsking.code_id == SignInCode.id)
        .where(
            SignInCode.person_id.in_([person.id for person in people]),
            SignInCode.used_at.is_(None),
            SignInCode.ends_at > now,
            CodeAsking.browser_hash == token_hash(browser),
            CodeAsking.tries < TRIES,
        )
    )
    found = db.session.execute(wanted).all()
    if not found:
        code_hash(said, new_id(), own=own)
        return None
    for row, asking in found:
        asking.tries += 1
        if compare_digest(code_hash(said, row.id, own=own), row.code_hash):
            row.used_at, row.sealed = now, None
            return next(person for person in people if person.id == row.person_id)
    return None


def _standing(person: Person, now: datetime) -> SignInCode | None:
    """Return the code that was made within the minute and has opened nothing."""
    wanted = select(SignInCode).where(
        SignInCode.person_id == person.id,
        SignInCode.used_at.is_(None),
        SignInCode.asked_at > now - STANDS_FOR,
        SignInCode.ends_at > now,
        SignInCode.sealed.is_not(None),
    )
    return db.session.scalars(wanted.order_by(SignInCode.asked_at.desc()).limit(1)).first()


def _make(person: Person, now: datetime, *, own: bool) -> SignInCode:
    code = f"{secrets.randbelow(1_000_000):06d}"
    row_id = new_id()
    row = SignInCode(
        id=row_id,
        person_id=person.id,
        code_hash=code_hash(code, row_id, own=own),
        sealed=code,
        asked_at=now,
        ends_at=now + CODE_LASTS,
    )
    db.session.add(row)
    db.session.flush()
    return row


def _askings_of(person: Person, browser_hash: str, *, but: str) -> list[str]:
    """Return the codes of a person, but one, that a browser asked for."""
    wanted = (
        select(CodeAsking.code_id)
        .join(SignInCode, SignInCode.id == CodeAsking.code_id)
        .where(
            SignInCode.person_id == person.id,
            CodeAsking.browser_hash == browser_hash,
            CodeAsking.code_id != but,
        )
    )
    return list(db.session.scalars(wanted))
