"""The record cannot be changed without showing it."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from scheduler import audit
from scheduler.kernel.database import db

NOW = datetime(2027, 2, 26, 14, 0, 0, 5, tzinfo=UTC)


def three_deeds() -> None:
    for number in range(1, 4):
        audit.append("publish", f"cohort-{number}", {"letters": number}, by="sam", now=NOW)
    db.session.commit()
    db.session.expire_all()


def tamper(*statements: str) -> None:
    """Change rows as somebody could who owns the database and first removes its guards."""
    if db.engine.dialect.name == "sqlite":
        guards = ["DROP TRIGGER audit_entries_kept", "DROP TRIGGER audit_entries_final"]
    else:
        guards = ["ALTER TABLE audit_entries DISABLE TRIGGER USER"]
    for statement in (*guards, *statements):
        db.session.execute(text(statement))
    db.session.commit()


def test_untouched_record_verifies(app: Flask) -> None:
    three_deeds()

    assert audit.verify() is None


def test_deeds_of_one_moment_are_chained_in_their_order(app: Flask) -> None:
    three_deeds()
    lines = [audit.Line("clinic.added", f"patient p-{number}") for number in (4, 5)]

    entries = audit.append_all(lines, by="sam", now=NOW)

    assert [(entry.number, entry.about) for entry in entries] == [
        (4, "patient p-4"),
        (5, "patient p-5"),
    ]
    assert audit.verify() is None


@pytest.mark.parametrize(
    ("statement", "first_bad"),
    [
        ("UPDATE audit_entries SET by = 'bo' WHERE number = 2", 2),
        ("DELETE FROM audit_entries WHERE number = 2", 2),
        ("UPDATE audit_entries SET details = '{}' WHERE number = 3", 3),
    ],
)
def test_changed_record_names_its_first_bad_entry(
    app: Flask, statement: str, first_bad: int
) -> None:
    three_deeds()
    tamper(statement)

    assert audit.verify() == first_bad


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_entries SET by = 'bo'", "DELETE FROM audit_entries"]
)
def test_database_refuses_to_change_the_record(app: Flask, statement: str) -> None:
    three_deeds()

    with pytest.raises(DatabaseError, match="append-only"):
        db.session.execute(text(statement))
