"""Withdrawing consent: final at once, and answered only when nothing more of it can leave."""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from scheduler import audit
from scheduler.consents.model.models import Grant
from scheduler.consents.recipients.standing_grants import standing_grants
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.outbox.models import Basis, Letter, LetterState
from scheduler.people.models import Person
from scheduler.programs import Kind

PAUSE = 0.05
"""Seconds between two questions whether anything is still being handed over."""
DRAIN = 35.0
"""Seconds within which whatever is being handed over has ended: longer than a mail server is waited
for.
"""
GOING = (LetterState.WAITING, LetterState.RETRY, LetterState.SENDING, LetterState.SENT)
"""States of a letter that leaves or has left."""


@dataclass(frozen=True, slots=True)
class KeptIn:
    """A letter that still waited, and will never leave."""

    kind: str
    recipient_id: str


@dataclass(frozen=True, slots=True)
class Revocation:
    """What was withdrawn, and which letters that were still waiting will now never leave."""

    grant_ids: tuple[str, ...]
    at: datetime
    kept_in: tuple[KeptIn, ...] = ()

    @property
    def stopped(self) -> int:
        """How many letters will never leave."""
        return len(self.kept_in)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A letter that a mail server took, or may have taken, although its consent was being
    withdrawn.
    """

    letter_id: str
    kind: str
    recipient_id: str
    sent_at: datetime | None
    """None: it was being handed over and nobody can know."""


def revoke(
    *,
    person: Person,
    patient: Person,
    purposes: Collection[Kind] | None = None,
    silent: bool = False,
    by: str,
    now: datetime,
) -> Revocation:
    """Withdraw what lets `person` know of `patient`: all of it, or some purposes. Raises InputError
    when there is none.

    `silent` leaves the relative's calendar as it is; otherwise it will get a neutral cancellation.
    """
    grants = grants_to_withdraw([person], patient, purposes)
    return revoke_grants(grants, silent=silent, by=by, now=now)


def grants_to_withdraw(
    people: Collection[Person], patient: Person, purposes: Collection[Kind] | None = None
) -> list[Grant]:
    """Return the standing grants of these relatives, all or those for `purposes`. Raises InputError
    when one of them has none.
    """
    found = []
    for person in people:
        grants = standing_grants(person, patient, purposes)
        if not grants:
            raise InputError(f"there is no such consent for {person.key} that could be withdrawn")
        found += grants
    return found


def revoke_grants(
    grants: Collection[Grant], *, silent: bool = False, by: str, now: datetime
) -> Revocation:
    """Withdraw these grants for good; the database's gate stops every letter that waits under
    them. What somebody else has withdrawn meanwhile stays as they did.
    """
    ids = sorted(grant.id for grant in grants)
    rows = _locked(ids)
    kept_in = waiting_under(ids)
    for grant in rows:
        grant.revoked_at = now
        grant.revoked_by = by
        grant.silent = silent
    db.session.flush()
    for grant in rows:
        details = {"silent": silent}
        audit.append("consent.revoked", f"grant {grant.id}", details, by=by, now=now)
    return Revocation(tuple(ids), now, kept_in)


def _locked(ids: Sequence[str]) -> list[Grant]:
    """Lock grants and return those that nobody has withdrawn; in one order, so that of two who
    withdraw at once one waits, and neither in a circle.
    """
    rows = (
        select(Grant)
        .where(Grant.id.in_(ids))
        .order_by(Grant.id)
        .with_for_update(key_share=True, of=Grant)
        .execution_options(populate_existing=True)
    )
    return [grant for grant in db.session.scalars(rows) if grant.revoked_at is None]


def waiting_under(grant_ids: Collection[str]) -> tuple[KeptIn, ...]:
    """Return the letters that rest on these grants and have not been taken up."""
    rows = (
        select(Letter)
        .where(Letter.grant_id.in_(grant_ids))
        .where(Letter.basis == Basis.GRANT)
        .where(Letter.state.in_([LetterState.WAITING, LetterState.RETRY]))
        .order_by(Letter.due_at, Letter.id)
    )
    return tuple(KeptIn(letter.kind, letter.recipient_id) for letter in db.session.scalars(rows))


def drained(grant_ids: Collection[str]) -> bool:
    """True if nothing under these grants is being handed over; begin a fresh transaction before
    each question.
    """
    sending = (
        Letter.grant_id.in_(grant_ids),
        Letter.basis == Basis.GRANT,
        Letter.state == LetterState.SENDING,
    )
    return db.session.scalar(select(Letter.id).where(*sending).limit(1)) is None


def wait_until_drained(grant_ids: Collection[str]) -> bool:
    """Wait until nothing under these grants is being handed over, at most 35 seconds; say whether
    that came.

    Ends the transaction at every question, so that it sees what a worker has written meanwhile:
    commit before.
    """
    end = time.monotonic() + DRAIN
    while not drained(grant_ids):
        db.session.rollback()
        if time.monotonic() > end:
            return False
        time.sleep(PAUSE)
    return True


def handed_over(grant_ids: Collection[str], since: datetime) -> tuple[HandedOver, ...]:
    """Return exactly the letters that were taken from `since` on, or that are still being handed
    over.
    """
    late = (Letter.sent_at >= since) | (Letter.state == LetterState.SENDING)
    rows = (
        select(Letter)
        .where(Letter.grant_id.in_(grant_ids))
        .where(Letter.basis == Basis.GRANT)
        .where(late)
        .order_by(Letter.sent_at, Letter.id)
    )
    letters = []
    for letter in db.session.scalars(rows):
        letters.append(HandedOver(letter.id, letter.kind, letter.recipient_id, letter.sent_at))
    return tuple(letters)


def taken_out(grant_ids: Collection[str], since: datetime) -> tuple[HandedOver, ...]:
    """Return the letters that take out of calendars what was told under these grants, written from
    `since` on; those without `sent_at` have yet to leave.
    """
    rows = (
        select(Letter)
        .where(Letter.grant_id.in_(grant_ids))
        .where(Letter.basis == Basis.RETRACTION)
        .where(Letter.created_at >= since)
        .where(Letter.state.in_(GOING))
        .order_by(Letter.created_at, Letter.id)
    )
    letters = []
    for letter in db.session.scalars(rows):
        letters.append(HandedOver(letter.id, letter.kind, letter.recipient_id, letter.sent_at))
    return tuple(letters)
