"""What a server can do to us without an error is seen: a changed order of text, a pooler."""

import pytest
from flask import Flask

from conftest import settings
from fakes.pgbouncer import PgBouncer
from fakes.postgres import Postgres
from scheduler import create_app
from scheduler.cli.operations.database_checks import pooler
from scheduler.kernel.database import db, open_engine
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.schema.server_faults import changed_collation, pooled
from scheduler.people.models import Person

BUILT = "UPDATE pg_database SET datcollversion = '0.1' WHERE datname = current_database()"


def test_order_of_text_of_a_fresh_database_is_as_it_was_built(app: Flask) -> None:
    assert changed_collation(db.session.connection()) is None


def test_order_of_text_that_changed_under_the_indexes_is_seen(postgres_url: str) -> None:
    engine = open_engine(settings(postgres_url).database_url, "")
    with engine.connect() as connection:
        connection.exec_driver_sql(BUILT)
        found = changed_collation(connection)
        connection.rollback()
    engine.dispose()

    assert found is not None
    assert found[0] == "0.1"


def test_nothing_stands_before_a_server_called_directly(app: Flask) -> None:
    assert pooled(db.engine) is None


@pytest.mark.parametrize(("mode", "is_shared"), [("transaction", True), ("session", False)])
def test_pooler_is_told_by_how_it_hands_out_lines(
    postgres: Postgres, postgres_url: str, mode: str, is_shared: bool
) -> None:
    with PgBouncer(postgres, mode) as between:
        address = f"{between.url('test')}?prepare_threshold=0"
        engine = open_engine(settings(address).database_url, "")
        found = pooled(engine)
        engine.dispose()

    assert found is is_shared


def test_pooler_by_transactions_needs_that_nothing_is_prepared(
    postgres: Postgres, postgres_url: str
) -> None:
    with PgBouncer(postgres, "transaction") as between:
        plain = settings(between.url("test"))
        wise = settings(f"{between.url('test')}?prepare_threshold=0")
        with create_app(plain).app_context():
            with pytest.raises(KinfoldError, match=r"add \?prepare_threshold=0 to DATABASE_URL"):
                pooler(plain)
            db.engine.dispose()
        with create_app(wise).app_context():
            said = pooler(wise)
            for _ in range(10):  # the driver prepares what it was asked five times
                assert db.session.query(Person).count() == 0
                db.session.rollback()
            db.engine.dispose()

    assert said == "a pooler stands before the database, and nothing is prepared through it"
