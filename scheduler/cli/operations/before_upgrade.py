"""What `doctor --before-upgrade` asks: whether `db upgrade` may begin now."""

import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy.engine.url import make_url

from scheduler import audit, outbox
from scheduler.config import Config
from scheduler.kernel import clock
from scheduler.kernel.database import db
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.installation import release
from scheduler.kernel.schema.migrate import current, knows, newest, steps_from
from scheduler.kernel.schema.rows_only import owns_tables
from scheduler.outbox.models import LetterState

OLDEST_COPY = timedelta(hours=24)
WORKING = timedelta(minutes=1)
MEGABYTE = 1024 * 1024
SPARE = 64 * MEGABYTE
"""What an upgrade may write beside a rebuilt database, at most, in bytes."""


def _copy(_: Config) -> str:
    """Say how old the newest copy is. Raises KinfoldError for one of yesterday."""
    made = audit.newest_of("database.copied")
    if made is None:
        raise KinfoldError("there is no copy: backup FILE, by the program of now, before anything")
    hours = (clock.now() - made) / timedelta(hours=1)
    if clock.now() - made > OLDEST_COPY:
        raise KinfoldError(f"the newest copy is {hours:.0f} hours old: backup FILE first")
    return f"the newest is {hours:.1f} hours old"


def _room(settings: Config) -> str:
    """Say what room the upgrade has: a table may stand twice until the end of its transaction."""
    if db.engine.dialect.name == "postgresql":
        line = db.session.connection()
        asked = "SELECT pg_database_size(current_database())"
        size = int(line.exec_driver_sql(asked).scalar_one())
        return f"the database takes {size / MEGABYTE:.0f} MB; its server needs as much again free"
    file = Path(make_url(settings.database_url).database or ".")
    wanted = 2 * file.stat().st_size + SPARE
    free = shutil.disk_usage(file.parent).free
    if free < wanted:
        raise KinfoldError(
            f"{file.parent} has {free / MEGABYTE:.0f} MB free, want {wanted / MEGABYTE:.0f}"
        )
    return f"{free / MEGABYTE:.0f} MB free, {wanted / MEGABYTE:.0f} are enough"


def _versions(_: Config) -> str:
    """Say what the upgrade would do. Raises KinfoldError where there is nothing it could."""
    have, want = current(db.engine), newest()
    if have is None:
        raise KinfoldError("there is no schema yet: flask --app wsgi db upgrade makes it")
    if not knows(have):
        raise KinfoldError(f"the schema is {have}, newer than this program's {want}")
    return f"Kinfold {release()} takes the schema from {have} to {want} in {steps_from(have)} steps"


def _role(_: Config) -> str:
    """Raise KinfoldError for a role that may not alter tables."""
    if db.engine.dialect.name == "postgresql" and not owns_tables(db.session.connection()):
        raise KinfoldError("our role reads and writes rows alone: upgrade as the tables' owner")
    return "may alter tables"


def _worker(_: Config) -> str:
    """Raise KinfoldError for a worker that runs."""
    if outbox.worker_is_fresh(within=WORKING, now=clock.now()):
        raise KinfoldError("it runs: stop it; letters wait meanwhile, and pages go on")
    return "none runs"


def _letters(_: Config) -> str:
    """Say how many letters wait. Raises KinfoldError for one that is on its way."""
    many = outbox.counts()
    if many[LetterState.SENDING]:
        raise KinfoldError(
            f"{many[LetterState.SENDING]} are being handed over: they are settled within a minute "
            "of a worker's start; stop it then"
        )
    wait = many[LetterState.WAITING] + many[LetterState.RETRY]
    return f"{wait} wait; they leave once, after the upgrade"


BEFORE_UPGRADE: tuple[tuple[str, Callable[[Config], str]], ...] = (
    ("versions", _versions),
    ("copy", _copy),
    ("room", _room),
    ("role", _role),
    ("worker", _worker),
    ("letters", _letters),
)
