"""Whether the database's own gate stands whole: a trigger that is missing or changed is an outage, not a warning.

The gate itself is SQL, installed by migration 0002; what stands in the database is compared with that text.
"""

import re

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.kernel.migrate import MIGRATIONS

GATE = "0002_gate"

SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"

POSTGRESQL_FUNCTIONS = """
SELECT p.proname, p.prosrc FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'
"""

POSTGRESQL_TRIGGERS = """
SELECT t.tgname, t.tgrelid::regclass::text || ' ' || t.tgfoid::regproc::text
FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgenabled = 'O'
"""


def damage(connection: Connection) -> list[str]:
    """Name every trigger and function of the gate that is missing or other than it must be; empty when it stands."""
    name = connection.dialect.name
    statements = (MIGRATIONS / "versions" / f"{GATE}.{name}.sql").read_text(encoding="utf-8").split("-- ;;\n")
    standing = _sqlite(connection) if name == "sqlite" else _postgresql(connection)
    wanted = {_name(statement): _essence(statement, name) for statement in statements}
    return sorted(each for each, essence in wanted.items() if standing.get(each) != essence)


def _sqlite(connection: Connection) -> dict[str, str]:
    return {f"trigger {name}": _squeezed(sql) for name, sql in connection.execute(text(SQLITE_TRIGGERS))}


def _postgresql(connection: Connection) -> dict[str, str]:
    functions = connection.execute(text(POSTGRESQL_FUNCTIONS))
    triggers = connection.execute(text(POSTGRESQL_TRIGGERS))
    return {f"function {name}": _squeezed(source) for name, source in functions} | {
        f"trigger {name}": what for name, what in triggers
    }


def _name(statement: str) -> str:
    found = re.search(r"CREATE (TRIGGER|FUNCTION) (\w+)", statement)
    assert found is not None
    return f"{found[1].lower()} {found[2]}"


def _essence(statement: str, engine: str) -> str:
    """Give what is compared: the whole text, or for PostgreSQL a function's body or a trigger's table and function."""
    if engine == "sqlite":
        return _squeezed(statement[statement.index("CREATE") :].rstrip().removesuffix(";"))
    if "$gate$" in statement:
        return _squeezed(statement.split("$gate$")[1])
    found = re.search(r"\sON (\w+).*EXECUTE FUNCTION (\w+)", statement, re.DOTALL)
    assert found is not None
    return f"{found[1]} {found[2]}"


def _squeezed(sql: str) -> str:
    return " ".join(sql.split())
