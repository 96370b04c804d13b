"""Reading the record back and checking that nothing was changed, cut out or put in."""

from sqlalchemy import select
from sqlalchemy.orm import Session as Reader

from scheduler.audit.append_entry import BEGINNING, age_of_seal, oldest_key, words_of
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db


def verify() -> int | None:
    """Return the number of the first entry that does not follow from the one before it, None when
    all do.
    """
    return first_broken(db.session())


def first_broken(reader: Reader) -> int | None:
    """The same for the record of any database, a copy's for one.

    An entry made with a key of before counts up to the first one made with a later key, so that
    whoever learned an old key cannot go on with it.
    """
    before = BEGINNING
    oldest = oldest_key()
    entries = reader.scalars(select(AuditEntry).order_by(AuditEntry.number))
    for expected, entry in enumerate(entries, start=1):
        age = age_of_seal(entry.chain, words_of(before, entry))
        if entry.number != expected or age is None or age > oldest:
            return expected
        oldest = age
        before = entry.chain
    return None
