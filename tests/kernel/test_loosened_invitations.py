"""A database of before patients could be invited: what was told and answered stands after the
upgrade.
"""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, event, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import IntegrityError

from scheduler.kernel.schema.migrate import alembic_config

MOTHER = (
    "INSERT INTO people (id, key, kind, name, email) VALUES ('m', 'm', 'relative', 'Dana "
    "Lee', 'm@family.example')"
)
ROWS = (
    "INSERT INTO people (id, key, kind, name, email) VALUES ('p', 'p', 'patient', 'Jordan Lee', "
    "'p@patient.example')",
    MOTHER,
    "DROP TRIGGER grants_complete",
    """INSERT INTO statements (id, patient_id, patient_name, discloser, information, person_id,
      person_name, wording,
      language, signer_name, capacity, method, signed, recorded_at, recorded_by) VALUES ('s',
      'p', 'Jordan', 'House',
      'times', 'm', 'Dana', 'paper', 'en', 'Jordan', 'patient', 'paper', '2026-01-05',
      '2026-01-05', 'sam')""",
    """INSERT INTO grants (id, statement, person_id, patient_id, purpose, others, silent,
      signed, expires, signed_by,
      valid_from, valid_until, given_at, given_by) VALUES ('g', 's', 'm', 'p', 'family_therapy',
      0, 0, '2026-01-05',
      '2099-01-01', 'patient', '2026-01-05', '2099-01-02', '2026-01-05', 'sam')""",
    """INSERT INTO calendar_names (uid, person_id, series, form, made_at)
      VALUES ('u', 'm', 'fam', 'singles', '2026-01-05')""",
    """INSERT INTO invitations (uid, person_id, patient_id, series, grant_id, sequence, told,
      told_at, address,
      token_hash, shown) VALUES ('u', 'm', 'p', 'fam', 'g', 3, '{}', '2026-01-05',
      'm@family.example', 'h', NULL)""",
    """INSERT INTO answers (id, uid, person_id, answer, given_at, way)
      VALUES ('a', 'u', 'm', 'ACCEPTED', '2026-01-06', 'page')""",
)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.db'}")
    event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA foreign_keys = ON"))
    return engine


def to(connection: Connection, version: str) -> None:
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, version)


def test_upgrade_keeps_what_was_told_and_takes_an_invitation_of_ones_own(engine: Engine) -> None:
    with engine.begin() as connection:
        to(connection, "0014")
        for statement in ROWS:
            connection.execute(text(statement.replace("'{}'", '\'{"title"\\: "x"}\'')))
    with engine.begin() as connection:
        to(connection, "0015")
        told = connection.execute(
            text("SELECT uid, grant_id, sequence, told, address, token_hash FROM invitations")
        )
        assert told.all() == [("u", "g", 3, '{"title": "x"}', "m@family.example", "h")]
        assert connection.execute(text("SELECT id, uid, answer FROM answers")).all() == [
            ("a", "u", "ACCEPTED")
        ]
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
        connection.execute(text("UPDATE invitations SET grant_id = NULL, person_id = 'p'"))

    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("UPDATE invitations SET person_id = 'm'"))
