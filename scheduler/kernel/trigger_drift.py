"""Whether triggers and functions stand as the migrations wrote them: what stands is compared with
that text.
"""

import re
from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.kernel.migrate import MIGRATIONS

SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"

POSTGRESQL_FUNCTIONS = """
SELECT p.proname, p.prosrc FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'
"""

POSTGRESQL_TRIGGERS = """
SELECT t.tgname, pg_get_triggerdef(t.oid, true)
FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgenabled = 'O'
"""


def drifted(connection: Connection, names: Iterable[str]) -> list[str]:
    """Name every trigger and function of these migrations' SQL that is missing or other than it was
    written.
    """
    engine = connection.dialect.name
    files = [MIGRATIONS / "versions" / f"{each}.{engine}.sql" for each in names]
    statements = [
        each for file in files for each in file.read_text(encoding="utf-8").split("-- ;;\n")
    ]
    standing = _sqlite(connection) if engine == "sqlite" else _postgresql(connection)
    wanted = {_name(each): _essence(each, engine) for each in statements if "CREATE" in each}
    return sorted(each for each, essence in wanted.items() if standing.get(each) != essence)


def _sqlite(connection: Connection) -> dict[str, str]:
    return {
        f"trigger {name}": _squeezed(sql) for name, sql in connection.execute(text(SQLITE_TRIGGERS))
    }


def _postgresql(connection: Connection) -> dict[str, str]:
    functions = connection.execute(text(POSTGRESQL_FUNCTIONS))
    triggers = connection.execute(text(POSTGRESQL_TRIGGERS))
    return {f"function {name}": _squeezed(source) for name, source in functions} | {
        f"trigger {name}": _trigger(definition) for name, definition in triggers
    }


def _name(statement: str) -> str:
    found = re.search(r"CREATE (?:OR REPLACE )?(TRIGGER|FUNCTION) (\w+)", statement)
    assert found is not None
    return f"{found[1].lower()} {found[2]}"


def _essence(statement: str, engine: str) -> str:
    """Return what is compared: the whole text, or for PostgreSQL a function's body or a trigger's
    definition.
    """
    if engine == "sqlite":
        return _squeezed(statement[statement.index("CREATE") :].rstrip().removesuffix(";"))
    if "$gate$" in statement:
        return _squeezed(statement.split("$gate$")[1])
    return _trigger(statement[statement.index("CREATE TRIGGER") :].rstrip().removesuffix(";"))


def _trigger(definition: str) -> str:
    """Return a trigger's definition in one spelling: PostgreSQL tells it in small letters and
    orders the events.
    """
    found = re.fullmatch(r"(.*? (?:before|after)) (.*?) (on .*)", _squeezed(definition).lower())
    assert found is not None
    return " ".join((found[1], " or ".join(sorted(found[2].split(" or "))), found[3]))


def _squeezed(sql: str) -> str:
    return " ".join(sql.split())
