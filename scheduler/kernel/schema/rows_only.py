"""A second role of PostgreSQL for the program: it reads and writes rows, and can neither drop what
guards them nor alter a table. The role that owns the tables is for `db upgrade` and `restore`.
"""

import re

from sqlalchemy import text
from sqlalchemy.engine import Connection

from scheduler.kernel.errors import InputError

NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
GRANTS = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public "
    "GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {role}",
    "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
)
KNOWN = text("SELECT rolsuper FROM pg_roles WHERE rolname = :role")
OWNS = text(
    "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace "
    "AND relkind IN ('r', 'p') AND pg_has_role(:role, relowner, 'MEMBER')"
)


def grant_rows(connection: Connection, role: str) -> None:
    """Let `role` read and write every row, also of tables that come later, and nothing else.

    Raises InputError on SQLite, for a role that is not there, and for one that may do more anyhow.
    """
    if connection.dialect.name != "postgresql":
        raise InputError("only PostgreSQL has roles; an SQLite file has its key")
    if not NAME.fullmatch(role):
        raise InputError("want a role's name in small letters, digits and _")
    is_super = connection.scalar(KNOWN, {"role": role})
    if is_super is None:
        raise InputError(f"there is no role {role}: CREATE ROLE {role} LOGIN PASSWORD '…'")
    if is_super or owns_tables(connection, role):
        raise InputError(f"{role} owns the tables or may do everything: take another role")
    for statement in GRANTS:
        connection.execute(text(statement.format(role=f'"{role}"')))


def owns_tables(connection: Connection, role: str | None = None) -> bool:
    """True if a role (left out: ours) could alter our tables, and drop what guards them."""
    name = role or connection.scalar(text("SELECT current_user"))
    return bool(connection.scalar(OWNS, {"role": name}))
