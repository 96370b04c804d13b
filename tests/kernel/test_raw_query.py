"""A line of one's own to the database: what it gives, that it holds nothing up, and that it
heals.
"""

import threading

from flask import Flask
from sqlalchemy import text

from scheduler.kernel.database import db
from scheduler.kernel.raw_query import ask


def test_line_gives_the_first_row(app: Flask) -> None:
    assert ask(db.engine, "SELECT 1 UNION SELECT 2 ORDER BY 1") == (1,)


def test_line_gives_none_when_there_is_no_row(app: Flask) -> None:
    assert ask(db.engine, "SELECT 1 WHERE 1 = 0") is None


def test_line_sees_what_was_committed_since(app: Flask) -> None:
    """No transaction stays open behind a question."""
    counted = "SELECT count(*) FROM tasks"
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (number integer)"))
    before = ask(db.engine, counted.replace("tasks", "seen"))
    with db.engine.begin() as connection:
        connection.execute(text("INSERT INTO seen VALUES (1)"))

    assert (before, ask(db.engine, "SELECT count(*) FROM seen")) == ((0,), (1,))


def test_line_holds_no_checkpoint_up(sqlite_app: Flask) -> None:
    ask(db.engine, "SELECT name FROM sqlite_master")
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE seen (number integer)"))

    with db.engine.connect() as connection:
        line = connection.connection.driver_connection
        assert line is not None
        busy, *_ = line.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    assert busy == 0


def test_line_that_was_closed_behind_its_back_is_opened_again(app: Flask) -> None:
    ask(db.engine, "SELECT 1")
    if db.engine.dialect.name == "postgresql":
        others = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
            "pg_backend_pid() AND datname = "
        )
        with db.engine.connect() as connection:
            connection.execute(text(f"{others}current_database()"))
    else:
        db.engine.dispose()

    assert ask(db.engine, "SELECT 2") == (2,)


def test_each_thread_has_a_line_of_its_own(app: Flask) -> None:
    found: list[object] = []
    asking = [
        threading.Thread(target=lambda engine=db.engine: found.append(ask(engine, "SELECT 3")))
        for _ in range(3)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()

    assert found == [(3,)] * 3
