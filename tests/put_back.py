"""A PostgreSQL database that serves test after test: what a test wrote is taken out again.

To make a database anew for each test cost three times that: some eight hundred files, and a server
process that knows no table and no plan yet. What changed is told by the newest transaction among a
table's rows and by their number; a test that changed the schema, or wrote thousands of rows, leaves
the database to be made anew.
"""

from dataclasses import dataclass, field

import psycopg
from psycopg import sql
from sqlalchemy import Engine

from fakes.postgres import Postgres

NAME = "test"
MANY = 4000
"""Rows; what held more is made anew, so that no test finds large empty files."""
TIDY = 40
"""How many tests leave their dead rows before they are swept up."""
CATALOGS = {
    "pg_class": "oid",
    "pg_attribute": "attrelid",
    "pg_attrdef": "oid",
    "pg_index": "indexrelid",
    "pg_constraint": "oid",
    "pg_trigger": "oid",
    "pg_proc": "oid",
    "pg_namespace": "oid",
    "pg_event_trigger": "oid",
}
"""Where the schema stands, and the number that tells ours from the server's own."""
FIRST_OF_OURS = 16384
Mark = tuple[int, int]
"""How many rows, and the newest transaction among them."""


@dataclass(frozen=True)
class Contents:
    """What a database holds: each table's rows as COPY writes them, and where sequences stand."""

    rows: dict[str, bytes]
    sequences: dict[str, tuple[int, bool]]


@dataclass
class Kept:
    """One database of the server, and what is known of it."""

    server: Postgres
    tables: list[str] = field(default_factory=list)
    plain: Contents = field(default_factory=lambda: Contents({}, {}))
    worlds: dict[str, Contents] = field(default_factory=dict)
    schema: list[Mark] = field(default_factory=list)
    holding: dict[str, tuple[bytes, Mark]] = field(default_factory=dict)
    tests: int = 0

    def url(self) -> str:
        """Return its address."""
        return self.server.url(NAME)

    def make_anew(self) -> None:
        """Copy the migrated database, whatever stands in its place."""
        self.server.run(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
        self.server.run(f"CREATE DATABASE {NAME} TEMPLATE template STRATEGY FILE_COPY")
        self.holding = {}
        with psycopg.connect(self.url()) as line:
            self.tables = names_of(line, "r")
            self.plain = contents_of(line, self.tables)
            self.schema = marks_of(line, CATALOGS)

    def keep(self, world: str) -> None:
        """Remember what it holds now as that world."""
        with psycopg.connect(self.url()) as line:
            self.worlds[world] = contents_of(line, self.tables)

    def put_back(self, engine: Engine | None, world: str | None) -> None:
        """Let it hold that world, or nothing but what migrations wrote, and let nobody else be
        connected; `engine` keeps one line to it, with what the server has learned.
        """
        if not self.tables:
            self.make_anew()
        wanted = self.worlds.get(world or "", self.plain)
        try:
            done = self._put_back(engine, wanted)
        except psycopg.Error:
            done = False
        if not done:
            self._let_go(engine)
            self.make_anew()
            self._put_back(None, wanted)

    def _let_go(self, engine: Engine | None) -> None:
        if engine is not None:
            engine.dispose()

    def _put_back(self, engine: Engine | None, wanted: Contents) -> bool:
        if engine is None:
            with psycopg.connect(self.url()) as line:
                return self._fill(line, wanted)
        lines = [engine.raw_connection() for _ in range(max(1, engine.pool.checkedin()))]  # type: ignore[attr-defined]
        for other in lines[1:]:
            other.detach()
            other.close()
        try:
            line = lines[0].driver_connection
            assert isinstance(line, psycopg.Connection)
            return self._fill(line, wanted)
        finally:
            lines[0].close()

    def _fill(self, line: psycopg.Connection, wanted: Contents) -> bool:
        """Do it by one line; False where the database has to be made anew."""
        line.execute("RESET ALL")
        line.execute("SELECT pg_advisory_unlock_all()")
        line.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        )
        line.execute("SET LOCAL session_replication_role = replica")
        line.execute("SET LOCAL lock_timeout = '2s'")
        if marks_of(line, CATALOGS) != self.schema:
            return False
        marks = dict(zip(self.tables, marks_of(line, self.tables), strict=True))
        if sum(count for count, _ in marks.values()) > MANY:
            return False
        self._exchange(line, wanted, marks)
        line.commit()
        self.tests += 1
        if self.tests % TIDY == 0:
            self._sweep(line)
        return True

    def _exchange(self, line: psycopg.Connection, wanted: Contents, marks: dict[str, Mark]) -> None:
        other = [name for name in self.tables if not self._holds(name, wanted, marks[name])]
        for name in other:
            self.holding.pop(name, None)
            if marks[name][0]:
                line.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(name)))
        filled = [name for name in other if name in wanted.rows]
        for name in filled:
            into = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(name))
            with line.cursor().copy(into) as copy:
                copy.write(wanted.rows[name])
        for name, (last, called) in wanted.sequences.items():
            line.execute("SELECT setval(%s::regclass, %s, %s)", (name, last, called))
        marks_now = marks_of(line, filled) if filled else []
        for name, mark in zip(filled, marks_now, strict=True):
            self.holding[name] = (wanted.rows[name], mark)

    def _holds(self, name: str, wanted: Contents, mark: Mark) -> bool:
        """True if nobody wrote the table since it was given just these rows."""
        if name not in wanted.rows:
            return mark[0] == 0
        return self.holding.get(name) == (wanted.rows[name], mark)

    def _sweep(self, line: psycopg.Connection) -> None:
        line.autocommit = True
        line.execute("VACUUM")
        line.autocommit = False


def names_of(line: psycopg.Connection, kind: str) -> list[str]:
    """Return the names of all tables (r) or sequences (S), in a fixed order."""
    asked = (
        "SELECT relname FROM pg_class WHERE relkind = %s "
        "AND relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    return [str(name) for (name,) in line.execute(asked, (kind,))]


def contents_of(line: psycopg.Connection, tables: list[str]) -> Contents:
    """Return what the database holds."""
    marks = marks_of(line, tables)
    rows = {}
    for name, (count, _) in zip(tables, marks, strict=True):
        if count:
            out = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(name))
            with line.cursor().copy(out) as copy:
                rows[name] = b"".join(bytes(part) for part in copy)
    sequences = {}
    for name in names_of(line, "S"):
        asked = sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name))
        found = line.execute(asked).fetchone()
        assert found is not None
        sequences[name] = (int(found[0]), bool(found[1]))
    return Contents(rows, sequences)


def marks_of(line: psycopg.Connection, tables: list[str] | dict[str, str]) -> list[Mark]:
    """Return the mark of each table, in their order; of catalogs, given with the name of their
    number, that of what is ours.
    """
    each = sql.SQL("SELECT count(*), coalesce(max(xmin::text::bigint), 0) FROM {}{}")
    parts = []
    for name in tables:
        ours = sql.SQL("")
        if isinstance(tables, dict):
            ours = sql.SQL(" WHERE {} >= {}").format(
                sql.Identifier(tables[name]), sql.Literal(FIRST_OF_OURS)
            )
        parts.append(each.format(sql.Identifier(name), ours))
    asked = sql.SQL(" UNION ALL ").join(parts)
    return [(int(count), int(newest)) for count, newest in line.execute(asked, prepare=True)]
