"""Marking what an export carried: a file written since may say otherwise."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from scheduler.kernel.database import db
from scheduler.provenance.models import FieldWord

AT_ONCE = 5000


def words_to_export() -> list[str]:
    """Return the stamps of all words no export has carried yet; to be read with what is exported,
    in one transaction.
    """
    new = FieldWord.exported_at.is_(None)
    rows = select(FieldWord.stamp).where(new)
    ordered = rows.order_by(FieldWord.stamp)
    return list(db.session.scalars(ordered))


def mark_exported(stamps: Sequence[str], *, now: datetime) -> None:
    """Note that an export carried these words; one that was said anew meanwhile has another stamp
    and stays new.
    """
    for start in range(0, len(stamps), AT_ONCE):
        chunk = stamps[start : start + AT_ONCE]
        carried = FieldWord.stamp.in_(chunk)
        rows = update(FieldWord).where(carried)
        marked = rows.values(exported_at=now)
        db.session.execute(marked)
