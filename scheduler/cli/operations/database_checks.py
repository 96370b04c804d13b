"""What `doctor` asks of the database's server: its version, its order of text, what stands before
it.
"""

from sqlalchemy.engine.url import make_url

from scheduler.config import Config
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.schema.server_faults import changed_collation, pooled

SOUND_SQLITE = (3, 51, 3)


def version_of_server(_: Config) -> str:
    """Return which server it is. Raises KinfoldError for one that can lose commits."""
    name = db.engine.dialect.name
    if name == "sqlite":
        said = str(db.session.connection().exec_driver_sql("SELECT sqlite_version()").scalar())
        if tuple(map(int, said.split("."))) < SOUND_SQLITE:
            raise KinfoldError(
                f"SQLite {said} can lose commits (WAL-reset fault); install sqlcipher3 0.6.4 or "
                "newer"
            )
        return f"SQLite {said}, encrypted"
    return f"PostgreSQL {db.session.connection().exec_driver_sql('SHOW server_version').scalar()}"


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
