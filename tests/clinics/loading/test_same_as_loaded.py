"""One human, several rows, from the file into rows and back; a father without consent stands by."""

import json

from flask import Flask
from sqlalchemy import select

from scheduler.audit.models import AuditEntry
from scheduler.clinics import export
from scheduler.kernel.database import db
from scheduler.people.models import Person
from tests.clinics.reading.test_same_as import with_aunt
from tests.clinics.small_pines import lines, load_bytes

FILE = with_aunt("p-1-mother").encode()


def bodies() -> dict[str, str]:
    """Return by key whom everybody with several rows is named after."""
    keys = dict(db.session.execute(select(Person.id, Person.key)).all())
    rows = select(Person.key, Person.body_id).where(Person.body_id.is_not(None))
    return {key: keys[body] for key, body in db.session.execute(rows.order_by(Person.key))}


def test_load_gives_both_rows_one_body(app: Flask) -> None:
    load_bytes(FILE)

    assert bodies() == {"p-1-mother": "p-1-mother", "p-2-aunt": "p-1-mother"}


def test_same_file_again_changes_nothing(app: Flask) -> None:
    load_bytes(FILE)

    assert lines(load_bytes(FILE)) == []


def test_file_without_it_makes_them_two_again(app: Flask) -> None:
    load_bytes(FILE)
    said = lines(load_bytes(with_aunt("p-1-mother").replace(", same_as: p-1-mother", "").encode()))

    changes = [f"relative p-2-aunt: changed ({field})" for field in ("language", "same_as")]
    assert (said, bodies()) == (changes, {})


def test_export_says_it_and_loads_as_the_same(app: Flask) -> None:
    load_bytes(FILE)
    exported = export()
    family = exported["patients"][1]["family"]

    assert [person["same_as"] for person in family] == ["p-1-mother"]
    assert lines(load_bytes(json.dumps(exported, default=str).encode())) == []


def test_record_says_that_it_changed_and_never_whose(app: Flask) -> None:
    load_bytes(with_aunt("p-1-mother").replace(", same_as: p-1-mother", "").encode())
    load_bytes(FILE)
    entries = db.session.scalars(
        select(AuditEntry).where(AuditEntry.about == "relative p-2-aunt")
    ).all()

    fields = [[], ["language"], ["same_as"]]
    assert [entry.details for entry in entries] == [{"fields": each} for each in fields]
