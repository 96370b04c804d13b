"""How often somebody may try to sign in, counted in the database before anything is hashed.

Per account and address 5 failures a minute; per address 60 failures in ten minutes; per account,
from 20 failures in the last hour on, one try every 30 seconds: slow for a guesser, never a lock for
the owner. A browser that is known to be theirs is bound by its own failures alone, and so is the
first try in an hour from an address that has not tried this account before.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.people.models import Attempt

PAIR = 5, timedelta(minutes=1)
ADDRESS = 60, timedelta(minutes=10)
ACCOUNT = 20, timedelta(hours=1)
ACCOUNT_PAUSE = timedelta(seconds=30)
KEPT = timedelta(days=1)


class TooMany(KinfoldError):
    """Too many tries: wait a little."""


def count_attempt(account: str, address: str, *, known: bool = False, now: datetime) -> Attempt:
    """Write one try down, as failed until told otherwise. Raises TooMany, and then counts
    nothing.

    `known` says that `address` names a browser this account was signed in with before.
    """
    account_hash = _hash("account", account.strip().lower())
    address_hash = _hash("address", address)
    if _is_too_often(account_hash, address_hash, known=known, now=now):
        raise TooMany("too many tries; wait a minute and try again")
    db.session.execute(delete(Attempt).where(Attempt.at < now - KEPT))
    attempt = Attempt(
        account_hash=account_hash,
        address_hash=address_hash,
        at=now,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def _is_too_often(account_hash: str, address_hash: str, *, known: bool, now: datetime) -> bool:
    mine = Attempt.account_hash == account_hash
    there = Attempt.address_hash == address_hash
    failed = Attempt.succeeded.is_(False)
    if _many(mine, there, failed, since=now - PAIR[1]) >= PAIR[0]:
        return True
    if known:
        return False
    if _many(there, failed, since=now - ADDRESS[1]) >= ADDRESS[0]:
        return True
    if _many(mine, there, since=now - ACCOUNT[1]) == 0:
        return False
    under_attack = _many(mine, failed, since=now - ACCOUNT[1]) >= ACCOUNT[0]
    return under_attack and _many(mine, failed, since=now - ACCOUNT_PAUSE) > 0


def _many(*conditions: object, since: datetime) -> int:
    question = select(func.count()).select_from(Attempt).where(*conditions, Attempt.at > since)  # type: ignore[arg-type]
    return db.session.scalar(question) or 0


def _hash(what: str, value: str) -> str:
    return hmac.new(what.encode(), value.encode(), hashlib.sha256).hexdigest()
