"""Addresses that nothing is sent to until somebody mends them: they failed for good, or are
somebody else's. What is written to one meanwhile is set aside, visibly.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from scheduler.i18n import N_
from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.kernel.mail_address import compared_form, spellings
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
        address=compared_form(address),
        reason=reason,
        closed_at=now,
        closed_by=by,
    )
    db.session.add(row)
    db.session.flush()
    return row


def closed_address(address: str) -> ClosedAddress | None:
    """Return why nothing is sent to an address, None when letters may go there."""
    rows = select(ClosedAddress).where(
        ClosedAddress.address.in_(spellings(address)),
        ClosedAddress.opened_at.is_(None),
    )
    oldest = rows.order_by(ClosedAddress.closed_at, ClosedAddress.id)
    return db.session.scalars(oldest.limit(1)).first()


def closed_among(addresses: Collection[str], line: Connection | None = None) -> set[str]:
    """Return those of these addresses that nothing is sent to, however their domains are spelt."""
    asked = set()
    for address in addresses:
        asked |= spellings(address)
    if not asked:
        return set()
    rows = select(ClosedAddress.address).where(
        ClosedAddress.address.in_(asked),
        ClosedAddress.opened_at.is_(None),
    )
    found = (line or db.session.connection()).scalars(rows)
    closed = {compared_form(address) for address in found}
    return {address for address in addresses if compared_form(address) in closed}


def closed_addresses(limit: int = 200) -> Sequence[ClosedAddress]:
    """Return the addresses that nothing is sent to, the newest first."""
    rows = select(ClosedAddress).where(ClosedAddress.opened_at.is_(None))
    newest = rows.order_by(ClosedAddress.closed_at.desc(), ClosedAddress.id)
    return db.session.scalars(newest.limit(limit)).all()


def kept_for(row: ClosedAddress) -> Sequence[Letter]:
    """Return what was set aside because an address is closed, the oldest first."""
    because = (
        Letter.channel == Channel.MAIL,
        Letter.state == SET_ASIDE,
        Letter.reason == CLOSED,
    )
    its_form = compared_form(row.address)
    theirs = []
    for address in db.session.scalars(select(Letter.address).where(*because).distinct()):
        if compared_form(address) == its_form:
            theirs.append(address)
    kept = select(Letter).where(*because, Letter.address.in_(theirs))
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
