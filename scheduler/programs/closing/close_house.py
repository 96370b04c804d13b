"""Noting at the desk that the house is closed for some days, and taking it back."""

from datetime import date, datetime

from sqlalchemy import func, select

from scheduler import audit
from scheduler.kernel.database import db
from scheduler.programs.models import Closure
from scheduler.provenance import Source, note_word

CLOSURES = "closures"
"""What a clinic file calls them."""


def close_house(first: date, last: date, why: str, *, by: str, now: datetime) -> bool:
    """Note that nothing is held from the first day to the last; False when the practice was closed
    then anyway.
    """
    around = select(Closure.id).where(Closure.first <= first, Closure.last >= last)
    if db.session.scalar(around.limit(1)) is not None:
        return False
    end = db.session.scalar(select(func.max(Closure.position)))
    closure = Closure(
        first=first,
        last=last,
        note=why or None,
        position=0 if end is None else end + 1,
    )
    db.session.add(closure)
    _note("clinic.closed", first, last, by, now)
    return True


def open_house(first: date, last: date, *, by: str, now: datetime) -> None:
    """Take back that the practice is closed on just these days, where that is still noted."""
    wanted = select(Closure).where(Closure.first == first, Closure.last == last)
    found = db.session.scalars(wanted.order_by(Closure.position.desc())).first()
    if found is None:
        return
    db.session.delete(found)
    _note("clinic.opened", first, last, by, now)


def _note(deed: str, first: date, last: date, by: str, now: datetime) -> None:
    db.session.flush()
    note_word(
        CLOSURES,
        [CLOSURES],
        source=Source.DESK,
        by=by,
        now=now,
    )
    details = {"first": first.isoformat(), "last": last.isoformat()}
    audit.append(
        deed,
        "practice",
        details,
        by=by,
        now=now,
    )
