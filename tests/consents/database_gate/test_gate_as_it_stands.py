"""The gate's two readable files say what a migrated database holds, no more and no less."""

import re

import pytest
from flask import Flask

from scheduler.change_tracking.watched_tables import tracking_sql
from scheduler.consents.database_gate.gate import gate_sql
from scheduler.kernel.database import db
from scheduler.kernel.schema.migrate import migration_sql
from scheduler.kernel.schema.trigger_drift import drifted, triggers_and_functions

CREATED = re.compile(r"^CREATE (?:OR REPLACE )?(TRIGGER|FUNCTION) (\w+)", re.MULTILINE)
OF_THE_RANGE = {"function one_word", "function one_word_multirange"}
"""What PostgreSQL makes by itself for the range type of bookings."""


def created(sql: str) -> set[str]:
    return {f"{kind.lower()} {name}" for kind, name in CREATED.findall(sql)}


def test_gate_file_names_every_trigger_and_function_of_a_migrated_database(app: Flask) -> None:
    engine = db.engine.dialect.name
    standing = set(triggers_and_functions(db.session.connection()))
    of_bookings = created(migration_sql("0035_one_human", engine)) | OF_THE_RANGE
    of_changes = created(tracking_sql(engine))

    assert created(gate_sql(engine)) == standing - of_bookings - of_changes


def test_gate_file_has_the_text_of_a_migrated_database(app: Flask) -> None:
    sql = gate_sql(db.engine.dialect.name)

    assert drifted(db.session.connection(), sql) == []


def test_gate_file_of_other_text_is_told_apart(app: Flask) -> None:
    sql = gate_sql(db.engine.dialect.name).replace("are never deleted", "may be deleted")

    assert drifted(db.session.connection(), sql) != []


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_gate_file_creates_each_thing_once(engine: str) -> None:
    names = CREATED.findall(gate_sql(engine))

    assert len(names) == len(set(names))
