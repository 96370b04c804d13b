"""Taking letters that are due, one worker at a time: leases on the database's clock, a fence against zombies."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import DatabaseError

from scheduler.kernel.database import database_now, db
from scheduler.outbox.models import Letter, LetterState, Phase

BATCH = 50
LEASE = timedelta(seconds=60)
OPEN = (LetterState.WAITING, LetterState.RETRY)


def expire(*, now: datetime) -> int:
    """Mark what is worthless by now as expired, visibly; give how many."""
    done = db.session.execute(
        update(Letter)
        .where(Letter.state.in_(OPEN), Letter.due_at <= now, Letter.not_after.is_not(None), Letter.not_after <= now)
        .values(state=LetterState.EXPIRED, reason="it was too late to be of use")
    )
    return int(getattr(done, "rowcount", 0))


def claim(owner: str, *, now: datetime) -> list[str]:
    """Lease up to 50 due letters to `owner` for 60 seconds and give their ids, oldest first.

    A lease that ran out is taken over: what was only claimed is safe to send; what was being handed over may have
    arrived, so it is counted as ambiguous and repeated with the same bytes.
    """
    moment = database_now()
    _take_back(moment)
    ids = _due(now)
    claimed = []
    for letter_id in ids:
        if _lease(letter_id, owner, moment):
            claimed.append(letter_id)
    return claimed


def release(owner: str) -> None:
    """Give back what this worker has claimed and not begun to hand over."""
    db.session.execute(
        update(Letter)
        .where(Letter.owner == owner, Letter.state == LetterState.SENDING, Letter.phase == Phase.CLAIMED)
        .values(state=LetterState.WAITING, phase=None, lease_until=None)
    )


def _take_back(moment: datetime) -> None:
    late = (Letter.state == LetterState.SENDING) & (Letter.lease_until < moment)
    back = {"state": LetterState.RETRY, "phase": None, "lease_until": None}
    db.session.execute(
        update(Letter).where(late, Letter.phase == Phase.HANDING).values(ambiguous=Letter.ambiguous + 1, **back)
    )
    db.session.execute(update(Letter).where(late, Letter.phase == Phase.CLAIMED).values(**back))


def _due(now: datetime) -> Sequence[str]:
    """Give due letters, never two about one calendar entry of one person, nor one while another is on its way."""
    query = (
        select(Letter.id, Letter.recipient_id, Letter.uid)
        .where(Letter.state.in_(OPEN), Letter.due_at <= now)
        .order_by(Letter.due_at, Letter.sequence, Letter.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    under_way = select(Letter.recipient_id, Letter.uid).where(Letter.state == LetterState.SENDING)
    seen = {(row.recipient_id, row.uid) for row in db.session.execute(under_way)}
    ids = []
    for row in db.session.execute(query):
        entry = (row.recipient_id, row.uid)
        if row.uid is None or entry not in seen:
            seen.add(entry)
            ids.append(row.id)
    return ids


def _lease(letter_id: str, owner: str, moment: datetime) -> bool:
    """Lease one letter; when the gate refuses it, suppress that one alone."""
    try:
        with db.session.begin_nested():
            taken = db.session.execute(
                update(Letter)
                .where(Letter.id == letter_id, Letter.state.in_(OPEN))
                .values(
                    state=LetterState.SENDING,
                    phase=Phase.CLAIMED,
                    owner=owner,
                    fence=Letter.fence + 1,
                    lease_until=moment + LEASE,
                )
            )
        return int(getattr(taken, "rowcount", 0)) == 1
    except DatabaseError:
        suppress(letter_id)
        return False


def suppress(letter_id: str) -> None:
    """Keep back a letter that the database's gate refuses."""
    db.session.execute(
        update(Letter)
        .where(Letter.id == letter_id)
        .values(state=LetterState.SUPPRESSED, phase=None, lease_until=None, reason="no consent covers it any more")
    )
