"""Whether triggers and functions stand as they were written: what stands is compared with that
text.
"""

import re

from sqlalchemy import text
from sqlalchemy.engine import Connection

SQLITE_TRIGGERS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"

POSTGRESQL_FUNCTIONS = """
SELECT p.proname, p.prosrc FROM pg_proc p
WHERE p.pronamespace = current_schema()::regnamespace AND p.prokind = 'f'
"""

POSTGRESQL_TRIGGERS = """
SELECT t.tgname, pg_get_triggerdef(t.oid, true)
FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgenabled = 'O'
"""


def drifted(connection: Connection, sql: str) -> list[str]:
    """Name every trigger and function of `sql` (statements with `-- ;;` between) that is missing or
    other than it is written there.
    """
    engine = connection.dialect.name
    standing = triggers_and_functions(connection)
    wanted = {}
    for statement in sql.split("-- ;;\n"):
        if "CREATE" in statement:
            wanted[_name(statement)] = _essence(statement, engine)
    return sorted(name for name, essence in wanted.items() if standing.get(name) != essence)


def triggers_and_functions(connection: Connection) -> dict[str, str]:
    """Return what stands in a database, by "trigger NAME" or "function NAME": its text in one
    spelling.
    """
    if connection.dialect.name == "sqlite":
        return _sqlite(connection)
    return _postgresql(connection)


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
    return " ".join(
        (
            found[1],
            " or ".join(sorted(found[2].split(" or "))),
            found[3],
        )
    )


def _squeezed(sql: str) -> str:
    return " ".join(sql.split())
