"""Both engines are set up so that a commit means what it says."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError, IntegrityError

from scheduler.kernel.database import UtcDateTime, db, open_engine
from scheduler.people.models import Attempt, Relative


def test_sqlite_file_without_its_key_is_unreadable(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kept.db'}"
    with open_engine(url, "right").begin() as connection:
        connection.execute(text("CREATE TABLE notes (words TEXT)"))
        connection.execute(text("INSERT INTO notes VALUES ('Jordan Quellandrix')"))

    with pytest.raises(DatabaseError, match="file is not a database"):
        open_engine(url, "wrong").connect()

    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"Quellandrix" not in files
    assert b"SQLite format 3" not in files


def test_sqlite_file_is_sealed_as_its_inventory_says(tmp_path: Path) -> None:
    with open_engine(f"sqlite:///{tmp_path / 'kept.db'}", "right").begin() as connection:
        connection.execute(text("CREATE TABLE notes (words TEXT)"))
        asked = ("cipher_version", "cipher_provider", "cipher_hmac_algorithm", "cipher_use_hmac")
        said = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked}

    assert str(said["cipher_version"]).startswith("4.")
    assert said["cipher_provider"] is not None
    assert (said["cipher_hmac_algorithm"], said["cipher_use_hmac"]) == ("HMAC_SHA512", "1")


def test_sqlite_file_and_its_log_are_readable_by_their_owner_alone(tmp_path: Path) -> None:
    with open_engine(f"sqlite:///{tmp_path / 'kept.db'}", "key").begin() as connection:
        connection.execute(text("CREATE TABLE notes (words TEXT)"))
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}

    assert modes == {"kept.db": 0o600, "kept.db-wal": 0o600, "kept.db-shm": 0o600}


def test_sqlite_commits_are_durable_and_keys_enforced(tmp_path: Path) -> None:
    with open_engine(f"sqlite:///{tmp_path / 'kept.db'}", "key").connect() as connection:
        said = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "secure_delete")
        }

    assert said == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": 2,
        "secure_delete": 1,
    }


def test_refused_commit_leaves_the_next_transaction_free(sqlite_app: Flask) -> None:
    deferred = "REFERENCES people DEFERRABLE INITIALLY DEFERRED"
    db.session.execute(text(f"CREATE TABLE notes (about TEXT {deferred})"))
    db.session.commit()
    db.session.execute(text("INSERT INTO notes VALUES ('nobody')"))

    with pytest.raises(IntegrityError):
        db.session.commit()
    db.session.remove()

    assert db.session.scalar(text("SELECT count(*) FROM notes")) == 0


def test_sqlite_library_is_free_of_the_wal_reset_fault(tmp_path: Path) -> None:
    with open_engine(f"sqlite:///{tmp_path / 'kept.db'}", "key").connect() as connection:
        version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar())

    assert tuple(map(int, version.split("."))) >= (3, 51, 3)


def test_read_modify_write_from_several_threads_loses_nothing(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'kept.db'}", "key")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))

    def count() -> None:
        for _ in range(25):
            with engine.begin() as connection:
                n = connection.execute(text("SELECT n FROM counter")).scalar_one()
                connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with engine.connect() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar_one() == 100
    engine.dispose()


def test_sqlite_asks_again_for_its_turn_behind_a_long_writer(tmp_path: Path) -> None:
    """Who waits is served in no order there: one silence of the busy handler is not the end of a
    request.
    """
    engine = open_engine(f"sqlite:///{tmp_path / 'kept.db'}", "key")
    with engine.connect() as writer, engine.connect() as other:
        other.exec_driver_sql("PRAGMA busy_timeout=50")
        other.rollback()
        writer.exec_driver_sql("CREATE TABLE notes (words TEXT)")
        release = threading.Timer(0.12, writer.commit)
        release.start()
        other.exec_driver_sql("INSERT INTO notes VALUES ('kept')")
        other.commit()
        release.join()
    engine.dispose()


def test_instant_of_another_zone_comes_back_in_utc(app: object) -> None:
    moment = datetime(2027, 3, 14, 3, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-4)))
    attempt = Attempt(account_hash="a", address_hash="b", at=moment)
    db.session.add(attempt)
    db.session.commit()
    db.session.expire_all()

    assert attempt.at == moment
    assert attempt.at.tzinfo is UTC


def test_instant_without_zone_is_refused(app: object) -> None:
    db.session.add(Attempt(account_hash="a", address_hash="b", at=datetime(2027, 3, 14, 3, 30)))

    with pytest.raises(Exception, match="an instant needs a time zone"):
        db.session.flush()


def test_row_that_points_at_nobody_is_refused(app: object) -> None:
    db.session.add(Relative(person_id="nobody", patient_id="nobody", relationship_word="aunt"))

    with pytest.raises(IntegrityError):
        db.session.commit()


def test_address_of_a_pooler_keeps_the_driver_from_preparing_statements(postgres_url: str) -> None:
    """In transaction mode the next statement may meet another connection, which knows nothing of
    them.
    """
    url = postgres_url.replace("postgresql://", "postgresql+psycopg://")
    engine = open_engine(f"{url}{'&' if '?' in url else '?'}prepare_threshold=0", "")
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        found = [
            connection.exec_driver_sql("SELECT %s::int", (number,)).scalar() for number in range(10)
        ]
    engine.dispose()

    assert (driver.prepare_threshold, found) == (None, list(range(10)))


def test_hour_that_a_clock_shows_twice_is_written_as_two_instants(tmp_path: Path) -> None:
    dialect = open_engine(f"sqlite:///{tmp_path / 'kept.db'}", "key").dialect
    write = UtcDateTime().dialect_impl(dialect).bind_processor(dialect)
    twice = [
        datetime(2027, 11, 7, 1, 30, tzinfo=ZoneInfo("America/New_York"), fold=fold)
        for fold in (0, 1)
    ]

    assert [write(one) for one in (*twice, *twice)] == [
        "2027-11-07 05:30:00.000000",
        "2027-11-07 06:30:00.000000",
    ] * 2
