"""Addresses that nothing is sent to until somebody mends them: they failed for good, or are
somebody else's. What is written to one meanwhile is set aside, visibly.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, func, select, update

from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.errors import NotFound
from scheduler.kernel.ids import new_id
from scheduler.outbox.models import Channel, ClosedAddress, Letter, LetterState

SET_ASIDE = bindparam(
    "set_aside", LetterState.SET_ASIDE, type_=Letter.state.type, literal_execute=True
)
CLOSED = N_("the address takes no letters until somebody mends it")


def close_address(address: str, reason: str, *, by: str, now: datetime) -> ClosedAddress:
    """Let nothing be sent to an address any more; one that is closed stays as it is."""
    known = closed_address(address)
    if known is not None:
        return known
    row = ClosedAddress(
        id=new_id(),
        address=_folded(address),
        reason=reason,
        closed_at=now,
        closed_by=by,
    )
    db.session.add(row)
    db.session.flush()
    return row


def open_address(row_id: str, *, by: str, now: datetime) -> tuple[ClosedAddress, int]:
    """Try an address again, with what was set aside because of it; give it and how many letters may
    leave. Raises NotFound for one that is open already.
    """
    row = db.session.get(ClosedAddress, row_id)
    if row is None or row.opened_at is not None:
        raise NotFound("there is no such closed address")
    row.opened_at = now
    row.opened_by = by
    ids = []
    for letter in kept_for(row):
        ids.append(letter.id)
    back = {
        "state": LetterState.WAITING,
        "reason": None,
        "due_at": now.replace(second=0, microsecond=0),
    }
    waiting = update(Letter).where(Letter.id.in_(ids))
    db.session.execute(waiting.values(**back))
    db.session.flush()
    return row, len(ids)


def closed_address(address: str) -> ClosedAddress | None:
    """Return why nothing is sent to an address, None when letters may go there."""
    rows = select(ClosedAddress).where(
        ClosedAddress.address == func.lower(address),
        ClosedAddress.opened_at.is_(None),
    )
    return db.session.scalars(rows.limit(1)).first()


def closed_addresses(limit: int = 200) -> Sequence[ClosedAddress]:
    """Return the addresses that nothing is sent to, the newest first."""
    rows = select(ClosedAddress).where(ClosedAddress.opened_at.is_(None))
    newest = rows.order_by(ClosedAddress.closed_at.desc(), ClosedAddress.id)
    return db.session.scalars(newest.limit(limit)).all()


def kept_for(row: ClosedAddress) -> Sequence[Letter]:
    """Return what was set aside because an address is closed, the oldest first."""
    kept = select(Letter).where(
        func.lower(Letter.address) == row.address,
        Letter.channel == Channel.MAIL,
        Letter.state == SET_ASIDE,
        Letter.reason == CLOSED,
    )
    return db.session.scalars(kept.order_by(Letter.created_at, Letter.id)).all()


def set_aside(ids: Sequence[str]) -> None:
    """Keep in letters to closed addresses, visibly."""
    if not ids:
        return
    kept = {
        "state": LetterState.SET_ASIDE,
        "phase": None,
        "lease_until": None,
        "reason": CLOSED,
    }
    these = update(Letter).where(Letter.id.in_(ids))
    db.session.execute(these.values(**kept))


def _folded(address: str) -> str:
    """Return an address as the database compares it: each has small letters of its own beyond
    ASCII.
    """
    return db.session.scalar(select(func.lower(address))) or address


def goes_nowhere() -> ColumnElement[bool]:
    """True if a letter is to an address that is closed."""
    is_mail = Letter.channel == Channel.MAIL
    closed = exists().where(
        ClosedAddress.opened_at.is_(None),
        ClosedAddress.address == func.lower(Letter.address),
    )
    return is_mail & closed.correlate(Letter)
