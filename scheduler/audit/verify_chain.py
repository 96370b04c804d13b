"""Reading the record back and checking that nothing was changed, cut out or put in."""

from sqlalchemy import select
from sqlalchemy.orm import Session as Reader

from scheduler.audit.append_entry import BEGINNING, link
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db


def verify() -> int | None:
    """Return the number of the first entry that does not follow from the one before it, None when
    all do.
    """
    return first_broken(db.session())


def first_broken(reader: Reader) -> int | None:
    """The same for the record of any database, a copy's for one."""
    before = BEGINNING
    entries = reader.scalars(select(AuditEntry).order_by(AuditEntry.number))
    for expected, entry in enumerate(entries, start=1):
        if entry.number != expected or entry.chain != link(before, entry):
            return expected
        before = entry.chain
    return None
