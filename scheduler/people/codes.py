"""One-time codes for patients and relatives: six digits, ten minutes, five tries, single use, and
only in a browser that asked for it.

Whoever asks again within a minute is sent the same code, so that a stranger who asks for somebody
else's code makes nothing void: the browsers that asked within that minute share it, each with its
own tries.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from sqlalchemy import delete, select, update

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


@dataclass(frozen=True, slots=True)
class CountedTry:
    """A code at which a try was counted, as it is compared with nothing open."""

    code_id: str
    code_hash: str
    person_id: str


def new_code(person: Person, *, browsers: Collection[str], now: datetime) -> MadeCode:
    """Return the code that a person is mailed for the browsers (their hashes) that asked: the one
    that was made within the minute, else a new one; what these browsers had asked before is void.
    Raises Busy.
    """
    row = _standing(person, now) or _make(person, now)
    for browser_hash in browsers:
        _bind(row, person, browser_hash, now)
    db.session.flush()
    return MadeCode(row.sealed or "", row.ends_at)


def _bind(row: SignInCode, person: Person, browser_hash: str, now: datetime) -> None:
    """Let a code open in a browser, and no older one there."""
    before = _askings_of(person, browser_hash, but=row.id)
    if before:
        db.session.execute(
            delete(CodeAsking).where(
                CodeAsking.code_id.in_(before),
                CodeAsking.browser_hash == browser_hash,
            )
        )
    if db.session.get(CodeAsking, (row.id, browser_hash)) is None:
        asking = CodeAsking(code_id=row.id, browser_hash=browser_hash, asked_at=now)
        db.session.add(asking)


def count_try(people: Sequence[Person], *, browser: str, now: datetime) -> list[CountedTry]:
    """Count one more try of a browser at each code of these people that opens in it, and return
    them; to be kept before anything is compared.
    """
    asked = token_hash(browser)
    wanted = (
        select(SignInCode)
        .join(CodeAsking, CodeAsking.code_id == SignInCode.id)
        .where(
            SignInCode.person_id.in_([person.id for person in people]),
            SignInCode.used_at.is_(None),
            SignInCode.ends_at > now,
            CodeAsking.browser_hash == asked,
        )
    )
    counted = []
    for row in db.session.scalars(wanted).all():
        if _add_tries(row.id, asked, 1):
            counted.append(CountedTry(row.id, row.code_hash, row.person_id))
    if not counted:
        _add_tries("", asked, 1)  # costs what a try costs
    return counted


def take_back_try(tried: Sequence[CountedTry], *, browser: str) -> None:
    """Count a try that was never compared no longer."""
    for one in tried:
        _add_tries(one.code_id, token_hash(browser), -1)


def which_fits(tried: Sequence[CountedTry], code: str, *, own: bool = False) -> CountedTry | None:
    """Return the one whose code this is; where there is none, it costs the same. To be asked with
    nothing open. Raises Busy.
    """
    said = "".join(letter for letter in code if letter in "0123456789")
    if not tried:
        code_hash(said, new_id(), own=own)
    for one in tried:
        if compare_digest(code_hash(said, one.code_id, own=own), one.code_hash):
            return one
    return None


def use_code(tried: CountedTry, *, now: datetime) -> bool:
    """Let a code that was right open nothing more; False where another browser was first."""
    unused = (SignInCode.id == tried.code_id, SignInCode.used_at.is_(None))
    used = update(SignInCode).where(*unused).values(used_at=now, sealed=None)
    return db.session.connection().execute(used).rowcount == 1


def _add_tries(code_id: str, browser_hash: str, more: int) -> bool:
    """True if a browser has a try left at a code, which is counted."""
    one_more = update(CodeAsking).where(
        CodeAsking.code_id == code_id,
        CodeAsking.browser_hash == browser_hash,
        CodeAsking.tries < (TRIES if more > 0 else TRIES + 1),
    )
    tries = {"tries": CodeAsking.tries + more}
    return db.session.connection().execute(one_more.values(tries)).rowcount == 1


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


def _make(person: Person, now: datetime) -> SignInCode:
    code = f"{secrets.randbelow(1_000_000):06d}"
    row_id = new_id()
    row = SignInCode(
        id=row_id,
        person_id=person.id,
        code_hash=code_hash(code, row_id),
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
