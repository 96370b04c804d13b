"""Letting letters go to a closed address again."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.exc import DatabaseError

from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.outbox.addresses.closed_addresses import kept_for
from scheduler.outbox.leases import refused_by_gate, suppress
from scheduler.outbox.models import ClosedAddress, Letter, LetterState


def open_address(row_id: str, *, by: str, now: datetime) -> tuple[ClosedAddress, int]:
    """Try an address again, with what was set aside because of it; give it and how many letters may
    leave: what no consent covers any more stays back for good. Raises NotFound for one that is open
    already.
    """
    row = db.session.get(ClosedAddress, row_id)
    if row is None or row.opened_at is not None:
        raise NotFound("there is no such closed address")
    row.opened_at = now
    row.opened_by = by
    db.session.flush()
    many = 0
    for letter in kept_for(row):
        if _waits_again(letter.id, now):
            many += 1
    db.session.expire_all()
    return row, many


def _waits_again(letter_id: str, now: datetime) -> bool:
    """Let a letter wait to be sent, unless the consent gate refuses it: then keep it back."""
    waiting = {
        "state": LetterState.WAITING,
        "reason": None,
        "due_at": now.replace(second=0, microsecond=0),
    }
    try:
        with db.session.begin_nested():
            db.session.execute(update(Letter).where(Letter.id == letter_id).values(**waiting))
    except DatabaseError as error:
        if not refused_by_gate(error):
            raise
        suppress(letter_id)
        return False
    return True
