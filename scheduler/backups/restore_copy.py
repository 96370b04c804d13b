"""Putting a copy in place of the database: checked first, all or nothing, and nothing is sent
again.
"""

import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select, text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import DatabaseError

from scheduler.backups.carry_forward import CarriedForward, carry_forward, settle_flight
from scheduler.backups.copy_file import arriving, as_the_house, copy_pages, keep_beside, sealed
from scheduler.backups.copy_rows import copy_rows
from scheduler.backups.recovery_key import without_head
from scheduler.backups.verify_copy import About, check_open, unsound
from scheduler.kernel.errors import InputError
from scheduler.kernel.ids import new_id
from scheduler.kernel.schema.migrate import upgrade
from scheduler.outbox.models import Hold
from scheduler.people.models import Practice

STALE = (
    "heartbeats",
    "sign_ins",
    "code_asks",
    "address_changes",
    "code_askings",
    "sign_in_codes",
    "spent_challenges",
    "kept_devices",
    "password_links",
    "password_asks",
    "api_answers",
    "api_tokens",
    "plan_jobs",
    "webhook_deliveries",
    "webhooks",
    "form_turns",
)
"""Not of the present: everybody signs in anew."""
HELD = "a copy of {made} was restored; look at what waits before it leaves"


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put in place, and what was carried over from the database that was there (None: it
    could not be read, or was another practice's).
    """

    about: About
    adopted: CarriedForward | None
    kept_as: Path | None
    """What a database that could not be read is called now."""


def restore(live: Engine, path: Path, *, now: datetime) -> Restored:
    """Put the copy at `path` in place of `live`, and hold the outbox until somebody lets it go on.

    Everything is done and checked on a second copy first; the exchange itself is one transaction.
    Raises InputError for a copy that is not whole; then nothing was changed.
    """
    if not path.is_file():
        raise InputError(f"{path}: there is no such file")
    with tempfile.TemporaryDirectory(prefix="kinfold-restore-") as folder:
        stage = Path(folder) / "copy.db"
        with without_head(path) as body:
            shutil.copyfile(body, stage)
        with sealed(stage) as engine:
            about = check_open(engine, path)
            upgrade(engine)
            readable = _is_readable(live)
            adopted = _prepare(engine, live if readable else None, about, now)
            faults = unsound(engine)
            if faults:
                raise InputError(f"{path}: {'; '.join(faults)}")
            kept_as = None
            if readable:
                _exchange(engine, live)
            else:
                kept_as = _replace(engine, live, now)
    return Restored(about, adopted, kept_as)


def _prepare(
    engine: Engine, live: Engine | None, about: About, now: datetime
) -> CarriedForward | None:
    """Make of the copy what the present needs."""
    with engine.begin() as staged:
        staged.exec_driver_sql("DROP TABLE copy_about")
        adopted = None
        if live is not None:
            with live.connect() as present:
                if _practice(present) == _practice(staged):
                    adopted = carry_forward(present, staged)
        settle_flight(staged)
        for name in STALE:
            staged.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608
        reason = HELD.format(made=f"{about.made_at:%Y-%m-%d %H:%M} UTC")
        row = {"id": new_id(), "since": now, "reason": reason}
        staged.execute(Hold.__table__.insert().values(row))  # type: ignore[attr-defined]
    return adopted


def _practice(connection: Connection) -> str | None:
    return connection.scalar(select(Practice.name))


def _is_readable(live: Engine) -> bool:
    """True if the database to be replaced can be read whole; its schema is brought up on the
    way.
    """
    try:
        upgrade(live)
        with live.connect() as connection:
            if live.dialect.name == "sqlite":
                return list(connection.exec_driver_sql("PRAGMA integrity_check").scalars()) == [
                    "ok"
                ]
            connection.execute(text("SELECT 1 FROM letters LIMIT 1"))
        return True
    except DatabaseError:
        if live.dialect.name == "sqlite":
            return False
        raise  # a server that does not answer is not replaced


def _replace(engine: Engine, live: Engine, now: datetime) -> Path:
    """Put the copy in place of a file that cannot be read, by one change of a name; give what that
    file is called now.

    Killed at any step, there is a database at its place: the old one or the whole new one.
    """
    live.dispose()
    place = Path(str(live.url.database))
    with arriving(place) as part:
        with as_the_house(part) as target:
            copy_pages(engine, target)
        return keep_beside(place, f"unreadable-{now:%Y%m%d-%H%M%S}")


def _exchange(engine: Engine, live: Engine) -> None:
    """Put every row of the copy in place of the present ones, in one transaction."""
    if live.dialect.name == "sqlite":
        copy_pages(engine, live)
        return
    with engine.connect() as source, live.begin() as target:
        copy_rows(source, target)
