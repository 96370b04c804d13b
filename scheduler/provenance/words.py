"""Noting whose word a field is, and reading it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update

from scheduler.kernel.database import db
from scheduler.kernel.ids import new_id
from scheduler.kernel.upsert import insert_absent
from scheduler.provenance.models import FieldWord, Source

AT_ONCE = 5000
"""Records in one question; SQLite takes at most 32766 values."""


@dataclass(frozen=True, slots=True)
class DeskWord:
    """Who set a field, when, and whether an export has carried it since."""

    source: Source
    by: str
    at: datetime
    is_exported: bool


Words = dict[tuple[str, str], DeskWord]
"""By record and field."""


def note_word(
    record: str, fields: Iterable[str], *, source: Source, by: str, now: datetime
) -> None:
    """Note that these fields of `record` are from now on the word of `by`."""
    for field in sorted(set(fields)):
        fresh = {
            "source": source,
            "by": by,
            "at": now,
            "stamp": new_id(),
            "exported_at": None,
        }
        named = {
            "id": new_id(),
            "record": record,
            "field": field,
        }
        insert_absent(FieldWord, [named | fresh])
        theirs = (
            FieldWord.record == record,
            FieldWord.field == field,
        )
        written = update(FieldWord).where(*theirs)
        db.session.execute(written.values(fresh))


def drop_word(record: str, field: str) -> None:
    """Let a field be the file's word again."""
    theirs = (
        FieldWord.record == record,
        FieldWord.field == field,
    )
    db.session.execute(delete(FieldWord).where(*theirs))


def all_words() -> Words:
    """Return every word that is not the file's; what loads a whole clinic reads them at once."""
    return _by_field(db.session.scalars(select(FieldWord)))


def words_about(records: Collection[str]) -> Words:
    """Return the words about these records."""
    wanted = sorted(set(records))
    found: Words = {}
    for start in range(0, len(wanted), AT_ONCE):
        chunk = wanted[start : start + AT_ONCE]
        rows = select(FieldWord).where(FieldWord.record.in_(chunk))
        found |= _by_field(db.session.scalars(rows))
    return found


def _by_field(rows: Iterable[FieldWord]) -> Words:
    found = {}
    for row in rows:
        is_exported = row.exported_at is not None
        found[row.record, row.field] = DeskWord(
            source=row.source,
            by=row.by,
            at=row.at,
            is_exported=is_exported,
        )
    return found
