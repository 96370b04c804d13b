"""What `doctor` asks of the database: its version, how it is reached, what we may do to it, its
order of text, what stands before it.
"""

from sqlalchemy.engine.url import make_url

from scheduler.cli.operations.outside_checks import Warned
from scheduler.config import Config
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.schema.rows_only import owns_tables
from scheduler.kernel.schema.server_faults import changed_collation, pooled

SOUND_SQLITE = (3, 51, 3)
CHECKED = frozenset({"verify-ca", "verify-full"})
"""What `sslmode` must say where the database is on another machine: `require` encrypts, and takes
whatever certificate comes (libpq, *SSL Mode Descriptions*).
"""
NEAR = frozenset({"", "localhost", "127.0.0.1", "::1"})


def check_database(settings: Config) -> str:
    """Return what the database is. Raises KinfoldError for one that loses commits, and for one on
    another machine that is reached in clear.
    """
    name = db.engine.dialect.name
    if name == "sqlite":
        return _sqlite()
    refuse_in_clear(settings.database_url)
    line = db.session.connection()
    said = f"PostgreSQL {line.exec_driver_sql('SHOW server_version').scalar()}"
    if owns_tables(line):
        return Warned(
            f"{said}; our role owns the tables and could drop what guards them: see db grant"
        )
    return f"{said}; our role reads and writes rows alone"


def refuse_in_clear(url: str) -> None:
    """Raise KinfoldError for an address on another machine that does not ask for encryption, and
    for the certificate of that machine.
    """
    parts = make_url(url)
    host = parts.host or str(parts.query.get("host", ""))
    mode = str(parts.query.get("sslmode", ""))
    if host in NEAR or host.startswith("/") or mode in CHECKED:
        return
    raise KinfoldError(
        f"DATABASE_URL: {host} is another machine; add ?sslmode=verify-full, so that rows travel "
        "encrypted, and to that machine alone"
    )


def _sqlite() -> str:
    said = str(db.session.connection().exec_driver_sql("SELECT sqlite_version()").scalar())
    if tuple(map(int, said.split("."))) < SOUND_SQLITE:
        raise KinfoldError(
            f"SQLite {said} can lose commits (WAL-reset fault); install sqlcipher3 0.6.4 or newer"
        )
    return f"SQLite {said}, encrypted"


def order_of_text(_: Config) -> str:
    """Return that indexes stand in the order of today. Raises KinfoldError when they may not."""
    changed = changed_collation(db.session.connection())
    if changed is None:
        return "as when the indexes were built"
    built, actual = changed
    raise KinfoldError(
        f"indexes were built by version {built} of the system's order of text, which is {actual} "
        "today: rows may not be found, or be there twice. Take a backup, then REINDEX DATABASE and "
        "ALTER DATABASE … REFRESH COLLATION VERSION (docs/operate.md)"
    )


def pooler(settings: Config) -> str:
    """Return what stands between us and the server. Raises KinfoldError for what is not set for
    it.
    """
    is_shared = pooled(db.engine)
    if is_shared is None:
        return "nothing stands before the database"
    if make_url(settings.database_url).query.get("prepare_threshold") == "0":
        return "a pooler stands before the database, and nothing is prepared through it"
    if is_shared:
        raise KinfoldError(
            "a pooler hands out the database's lines by transactions, and what one line prepared "
            "another is asked for: add ?prepare_threshold=0 to DATABASE_URL (docs/scale.md)"
        )
    return (
        "a pooler stands before the database; should it pool by transactions, add "
        "?prepare_threshold=0 to DATABASE_URL"
    )
