"""What a PostgreSQL server or what stands before it can do to us without an error: an order of
text that changed under the indexes, a pooler that hands one line to many.
"""

from sqlalchemy import Engine
from sqlalchemy.engine import Connection

TRIES = 3
COLLATION = """
    SELECT datcollversion, pg_database_collation_actual_version(oid)
    FROM pg_database WHERE datname = current_database()
"""
FIRST_WITH_VERSIONS = 150000


def changed_collation(connection: Connection) -> tuple[str, str] | None:
    """Return the version of the order of text by which the database's indexes were built, and that
    of today, when they differ; PostgreSQL notes it from 15 on.
    """
    if connection.dialect.name == "sqlite":
        return None
    number = connection.exec_driver_sql("SHOW server_version_num").scalar_one()
    if int(number) < FIRST_WITH_VERSIONS:
        return None
    built, actual = connection.exec_driver_sql(COLLATION).one()
    if built is None or built == actual:
        return None
    return str(built), str(actual or "unknown")


def pooled(engine: Engine) -> bool | None:
    """Return whether a pooler hands one line of the server to several of ours between
    transactions; None when nothing stands between.

    A pooler greets with a process of its own making, and two lines that are open at once are
    served by one process only where it takes it back after each transaction.
    """
    if engine.dialect.name == "sqlite":
        return None
    with engine.connect() as one, engine.connect() as other:
        first = _process(one)
        greeted = one.connection.driver_connection
        if greeted is None or greeted.info.backend_pid == first:
            return None
        served = set()
        for _try in range(TRIES):
            served |= {_process(one), _process(other)}
        return len(served) < 2


def _process(connection: Connection) -> int:
    """Return which process of the server answers, in a transaction of its own."""
    number = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    connection.rollback()
    return int(number)
