"""The doors for copies: `backup FILE` and `restore FILE`."""

from datetime import timedelta
from pathlib import Path

import click
from flask.cli import with_appcontext

from scheduler import audit, backups, outbox
from scheduler.backups import Restored
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict

FRESH = timedelta(seconds=60)


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
@answering
def backup(file: Path) -> None:
    """Write an encrypted copy of the whole database to FILE, checked before it counts; the clinic
    goes on meanwhile.

    It opens with this SECRET_KEY alone: keep that elsewhere.
    """
    about = backups.make(db.engine, file, now=now())
    audit.append(
        "database.copied",
        "database",
        {"rows": sum(about.rows.values())},
        by="command",
        now=now(),
    )
    db.session.commit()
    click.echo(
        f"{sum(about.rows.values())} rows of schema {about.schema} copied and checked: {file}"
    )


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
@answering
def restore(file: Path) -> None:
    """Put the copy FILE in place of the database. It is checked first; the worker must be stopped.

    What was told and consented since the copy was made is kept. Nothing leaves until you let it:
    `letters release`.
    """
    _no_worker()
    done = backups.restore(db.engine, file, now=now())
    audit.append(
        "restore",
        about="database",
        details={"made_at": done.about.made_at.isoformat()},
        by="command",
        now=now(),
    )
    db.session.commit()
    for line in _said(done):
        click.echo(line)


def _no_worker() -> None:
    try:
        fresh = outbox.worker_is_fresh(within=FRESH, now=now())
    except Exception:  # a database that cannot be read has no say
        fresh = False
    finally:
        db.session.rollback()
    if fresh:
        raise Conflict("a worker is running: stop it first, then restore")


def _said(done: Restored) -> list[str]:
    lines = [
        f"restored the copy of {done.about.made_at:%Y-%m-%d %H:%M} UTC, "
        f"{sum(done.about.rows.values())} rows"
    ]
    if done.kept_as is not None:
        lines.append(f"the database could not be read; it is kept as {done.kept_as}")
    if done.adopted is None:
        lines.append("what was sent since then is not known here: look closely at what waits")
    else:
        kept = ", ".join(
            f"{many} {name.replace('_', ' ')}" for name, many in sorted(done.adopted.rows.items())
        )
        lines.append(
            f"kept from since then: {kept or 'nothing new'}; {done.adopted.withdrawals} withdrawals"
        )
        if done.adopted.no_place:
            lines.append(
                f"{done.adopted.no_place} rows had no place: their people or sessions are not in "
                "the copy"
            )
    return [
        *lines,
        "nothing leaves until you let it: look at the desk's letters, then `letters release`",
    ]
