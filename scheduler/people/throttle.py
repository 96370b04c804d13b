"""How often somebody may try to sign in, counted in the database before anything is hashed.

Per account and address 5 failures a minute; per address 60 failures in ten minutes; per account,
from 20 failures in the last hour on, one try every 30 seconds: slow for a guesser, never a lock for
the owner. A browser that is known to be theirs is bound by its own failures alone, and so are the
first tries in an hour from an address: who mistypes once under a flood is not shut out by it.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update

from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.people.models import Attempt

PAIR = 5, timedelta(minutes=1)
ADDRESS = 60, timedelta(minutes=10)
ACCOUNT = 20, timedelta(hours=1)
FIRST_TRIES = 2
"""From one address at one account in an hour."""
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
    attempt = Attempt(
        account_hash=account_hash,
        address_hash=address_hash,
        at=now,
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def forgive(accounts: Iterable[str], addresses: Iterable[str], *, now: datetime) -> None:
    """Count the tries at these accounts from these addresses no longer as failed: what was tried
    has gone well after all.
    """
    theirs = [_hash("account", account.strip().lower()) for account in accounts]
    there = [_hash("address", address) for address in addresses]
    lately = update(Attempt).where(
        Attempt.account_hash.in_(theirs),
        Attempt.address_hash.in_(there),
        Attempt.at > now - ACCOUNT[1],
        Attempt.succeeded.is_(False),
    )
    db.session.execute(lately.values(succeeded=True))


def forget_old_tries(*, now: datetime) -> int:
    """Let go of tries that count no more; return how many."""
    gone = db.session.connection().execute(delete(Attempt).where(Attempt.at < now - KEPT))
    return gone.rowcount


def _is_too_often(account_hash: str, address_hash: str, *, known: bool, now: datetime) -> bool:
    mine = Attempt.account_hash == account_hash
    there = Attempt.address_hash == address_hash
    failed = Attempt.succeeded.is_(False)
    if _are(PAIR[0], mine, there, failed, since=now - PAIR[1]):
        return True
    if known:
        return False
    if _are(ADDRESS[0], there, failed, since=now - ADDRESS[1]):
        return True
    if not _are(FIRST_TRIES, mine, there, failed, since=now - ACCOUNT[1]):
        return False
    under_attack = _are(ACCOUNT[0], mine, failed, since=now - ACCOUNT[1])
    return under_attack and _are(1, mine, failed, since=now - ACCOUNT_PAUSE)


def _are(most: int, *conditions: ColumnElement[bool], since: datetime) -> bool:
    """True if there are so many tries; a flood of them is not counted through."""
    some = select(Attempt.id).where(*conditions, Attempt.at > since).limit(most).subquery()
    return (db.session.scalar(select(func.count()).select_from(some)) or 0) >= most


def _hash(what: str, value: str) -> str:
    return hmac.new(what.encode(), value.encode(), hashlib.sha256).hexdigest()
