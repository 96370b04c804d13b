"""Rows from one database into another of the same schema, whatever the engines."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection

from scheduler.kernel.database import Base

AT_ONCE = 1000
TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"


@contextmanager
def without_triggers(target: Connection) -> Iterator[None]:
    """Let rows in as they were: the gate judges what is new, and stands again in the same
    transaction.
    """
    if target.dialect.name == "sqlite":
        triggers = target.exec_driver_sql(TRIGGERS).all()
        for name, _ in triggers:
            target.exec_driver_sql(f'DROP TRIGGER "{name}"')
        yield
        for _, sql in triggers:
            target.exec_driver_sql(sql)
        return
    for table in Base.metadata.sorted_tables:
        target.exec_driver_sql(f'ALTER TABLE "{table.name}" DISABLE TRIGGER USER')
    yield
    target.exec_driver_sql(
        "SET CONSTRAINTS ALL IMMEDIATE"
    )  # what waits for the end would keep the table from changing
    for table in Base.metadata.sorted_tables:
        target.exec_driver_sql(f'ALTER TABLE "{table.name}" ENABLE TRIGGER USER')


def copy_rows(source: Connection, target: Connection) -> None:
    """Put every row of `source` into `target`, which is emptied first."""
    tables = Base.metadata.sorted_tables
    with without_triggers(target):
        for table in reversed(tables):
            target.execute(delete(table))
        for table in tables:
            found = source.execution_options(yield_per=AT_ONCE).execute(select(table)).mappings()
            for rows in found.partitions(AT_ONCE):
                target.execute(insert(table), [dict(row) for row in rows])
