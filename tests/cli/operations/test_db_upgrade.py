"""`db upgrade`: from nothing to the newest schema, and safe to repeat; `db grant`: rows alone."""

from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskCliRunner

from conftest import settings
from fakes.postgres import Postgres
from scheduler import consents, create_app
from scheduler.cli.operations.database_checks import refuse_in_clear
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError, Misconfigured
from scheduler.kernel.schema.migrate import current, newest


def test_upgrade_makes_a_new_file_and_does_nothing_the_second_time(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path / 'new.db'}"))
    runner = app.test_cli_runner()

    first = runner.invoke(args=["db", "upgrade"])
    second = runner.invoke(args=["db", "upgrade"])

    assert (first.exit_code, first.output) == (0, f"schema {newest()}\n")
    assert (second.exit_code, second.output) == (0, f"schema {newest()}, nothing to do\n")
    with app.app_context():
        assert consents.gate_damage(db.session.connection()) == []
        db.session.remove()
        db.engine.dispose()


def test_upgrade_of_the_newest_schema_changes_nothing_on_either_engine(
    app: Flask, runner: FlaskCliRunner
) -> None:
    said = runner.invoke(args=["db", "upgrade"])

    assert (said.exit_code, said.output) == (0, f"schema {newest()}, nothing to do\n")
    assert current(db.engine) == newest()


def test_schema_of_a_newer_program_is_left_alone(app: Flask, runner: FlaskCliRunner) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

    said = runner.invoke(args=["db", "upgrade"])

    assert (said.exit_code, said.stdout, current(db.engine)) == (1, "", "9999")
    assert said.stderr == (
        f"the schema is 9999, newer than this program's {newest()}; nothing was changed: take the "
        "newer Kinfold\n"
    )


def test_upgrade_without_a_database_says_so_in_a_line(tmp_path: Path) -> None:
    app = create_app(settings(f"sqlite:///{tmp_path / 'nowhere' / 'new.db'}"))

    said = app.test_cli_runner().invoke(args=["db", "upgrade"])

    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.startswith("database: ")
    assert said.stderr.count("\n") == 1


def test_links_under_a_telling_address_are_refused_at_start(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="BASE_URL gives away what this is: recover"):
        create_app(
            settings(
                f"sqlite:///{tmp_path / 'new.db'}", base_url="https://sunrise-recovery.example"
            )
        )


ROLE = "kinfold_rows"
FORBIDDEN = (
    "DROP TRIGGER {trigger} ON {table}",
    "ALTER TABLE letters DISABLE TRIGGER ALL",
    "ALTER TABLE people ADD COLUMN x int",
    "DROP TABLE letters",
    "TRUNCATE letters",
    "CREATE TABLE mine (id int)",
    "UPDATE alembic_version SET version_num = '0001'",
    "SET session_replication_role = replica",
)


def granted(url: str, postgres: Postgres, *words: str) -> tuple[int, str]:
    """Run `db grant` on a database and return how it ended."""
    app = create_app(settings(url))
    said = app.test_cli_runner().invoke(args=["db", "grant", *words])
    with app.app_context():
        db.engine.dispose()
    return said.exit_code, said.output


def test_granted_role_writes_rows_and_drops_nothing(postgres_url: str, postgres: Postgres) -> None:
    postgres.run(f"DROP ROLE IF EXISTS {ROLE}")
    postgres.run(f"CREATE ROLE {ROLE} LOGIN")
    told = f"{ROLE} reads and writes rows and nothing else\n"
    assert granted(postgres_url, postgres, ROLE) == (0, told)
    assert granted(postgres_url, postgres, ROLE) == (0, told)

    theirs = postgres_url.replace("kinfold@", f"{ROLE}@")
    with psycopg.connect(theirs, autocommit=True) as line:
        line.execute(
            "INSERT INTO tasks (id, kind, key, words, made_at) VALUES ('t', 'k', 'k', 'w', now())"
        )
        line.execute("DELETE FROM tasks")
        found = line.execute(
            "SELECT tgname, tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal LIMIT 1"
        ).fetchone()
        assert found is not None
        refused = []
        for statement in FORBIDDEN:
            try:
                line.execute(statement.format(trigger=found[0], table=found[1]))
            except psycopg.errors.InsufficientPrivilege:
                refused.append(statement)
    with psycopg.connect(postgres_url, autocommit=True) as line:
        line.execute(f"DROP OWNED BY {ROLE}")
        line.execute(f"DROP ROLE {ROLE}")
    assert refused == list(FORBIDDEN)


@pytest.mark.parametrize("role", ["kinfold", "nobody_there", "x; DROP TABLE people"])
def test_owner_and_strangers_are_no_role_for_rows(
    postgres_url: str, postgres: Postgres, role: str
) -> None:
    code, said = granted(postgres_url, postgres, role)

    assert (code, said.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("url", "is_refused"),
    [
        ("postgresql+psycopg://kinfold@127.0.0.1/kinfold", False),
        ("postgresql+psycopg://kinfold@/kinfold", False),
        ("postgresql+psycopg://kinfold@db.example/kinfold", True),
        ("postgresql+psycopg://kinfold@db.example/kinfold?sslmode=prefer", True),
        ("postgresql+psycopg://kinfold@db.example/kinfold?sslmode=require", True),
        ("postgresql+psycopg://kinfold@/kinfold?host=db.example", True),
        ("postgresql+psycopg://kinfold@/kinfold?host=/run/postgresql", False),
        ("postgresql+psycopg://kinfold@db.example/kinfold?sslmode=verify-ca", False),
        ("postgresql+psycopg://kinfold@db.example/kinfold?sslmode=verify-full", False),
    ],
)
def test_database_on_another_machine_is_encrypted_and_shows_who_it_is(
    url: str, *, is_refused: bool
) -> None:
    try:
        refuse_in_clear(url)
    except KinfoldError:
        assert is_refused
        return
    assert not is_refused
