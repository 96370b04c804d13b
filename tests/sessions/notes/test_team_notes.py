"""The team keeps notes about a session; the record says that, and not what they say."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from cast import assemble, session
from scheduler.audit.models import AuditEntry
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.sessions import LONGEST_NOTE, notes_of, write_note

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_notes_are_kept_the_newest_first_and_the_record_holds_no_words(app: Flask) -> None:
    row = session(assemble(), datetime(2027, 3, 9, 17))

    write_note(row, "Ask about \n the bus.", by="rivera", now=NOW)
    write_note(row, "Bus is fine.", by="sam", now=NOW + timedelta(hours=1))

    assert [(each.words, each.by) for each in notes_of(row)] == [
        ("Bus is fine.", "sam"),
        ("Ask about the bus.", "rivera"),
    ]
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.deed == "sessions.note"))
    assert "bus" not in str([each.details for each in entries]).lower()


@pytest.mark.parametrize("words", ["", " \n ", "x" * (LONGEST_NOTE + 1)])
def test_note_that_says_nothing_or_too_much_is_refused(sqlite_app: Flask, words: str) -> None:
    row = session(assemble(), datetime(2027, 3, 9, 17))

    with pytest.raises(InputError):
        write_note(row, words, by="rivera", now=NOW)

    assert notes_of(row) == []
