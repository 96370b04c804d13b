"""Making a copy while the clinic works."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import Engine

from scheduler.backups.copy_file import arriving, copy_pages, sealed
from scheduler.backups.copy_rows import copy_rows
from scheduler.backups.recovery_key import Recovery, put_head
from scheduler.backups.verify_copy import About, check, note
from scheduler.kernel.errors import InputError, KinfoldError
from scheduler.kernel.schema.migrate import current, newest, upgrade


def make(live: Engine, path: Path, *, now: datetime, recovery: Recovery | None = None) -> About:
    """Write an encrypted copy of one moment to `path`, checked before it is put there; give what it
    holds. `recovery` puts a head before it, for the holders of age keys.

    Nobody waits meanwhile. An older copy there is replaced; any other file is left alone
    (InputError).
    """
    _may_replace(path)
    with arriving(path) as part:
        with sealed(part) as engine:
            if live.dialect.name == "sqlite":
                copy_pages(live, engine)
            else:
                _copy_rows(live, engine)
            with engine.begin() as connection:
                note(connection, live.dialect.name, now)
        if recovery is not None:
            put_head(part, recovery)
        return check(part)


def _may_replace(path: Path) -> None:
    if path.exists():
        try:
            check(path)
        except InputError as error:
            raise InputError(
                f"{path}: there is another file, not replaced; name a new one"
            ) from error


def _copy_rows(live: Engine, engine: Engine) -> None:
    """One snapshot of PostgreSQL, row by row: the copy needs none of its tools and can be read by
    either engine.
    """
    if current(live) != newest():
        raise KinfoldError("the schema is not the newest: flask --app wsgi db upgrade")
    upgrade(engine)
    options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with live.connect().execution_options(**options) as source, engine.begin() as target:
        copy_rows(source, target)
