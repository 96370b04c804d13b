"""The doors for copies: `backup FILE` and `restore FILE`."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from scheduler import audit, backups, outbox
from scheduler.backups import Restored
from scheduler.cli.exit_codes import answering
from scheduler.config import Config
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict
from scheduler.kernel.keys.kept_keys import Keys, read_keys, written_keys
from scheduler.kernel.keys.secret_settings import keep_secret, refuse_said_secret

FRESH = timedelta(seconds=60)


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="AGE_KEY",
    help="Whose recovery key opens it, too (age1…); several may be named.",
)
@with_appcontext
@answering
def backup(file: Path, recipients: tuple[str, ...]) -> None:
    """Write an encrypted copy of the whole database to FILE, checked before it counts; the clinic
    goes on meanwhile.

    It opens with this SECRET_KEY, and with the recovery keys that are named: keep those elsewhere.
    """
    recovery = backups.recovery(_secrets_of(current_app.config["KINFOLD"]), recipients)
    about = backups.make(db.engine, file, now=now(), recovery=recovery)
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
@click.option(
    "--identity",
    type=click.Path(path_type=Path, dir_okay=False),
    help="The recovery key (an age identity) for a copy whose SECRET_KEY was lost.",
)
@with_appcontext
@answering
def restore(file: Path, identity: Path | None) -> None:
    """Put the copy FILE in place of the database. It is checked first; the worker must be stopped.

    What was told and consented since the copy was made is kept. Nothing leaves until you let it:
    `letters release`. With --identity the copy's own SECRET_KEY is kept as this installation's, and
    those before it.
    """
    _no_worker()
    secret = None
    if identity is not None:
        secret = _take_secret(backups.recovered_secret(file, identity))
    done = backups.restore(db.engine, file, now=now())
    audit.append(
        "restore",
        about="database",
        details={"made_at": done.about.made_at.isoformat()},
        by="command",
        now=now(),
    )
    db.session.commit()
    if secret is not None:
        click.echo(f"the copy's SECRET_KEY is kept in {keep_secret('SECRET_KEY', secret)}: restart")
    for line in _said(done):
        click.echo(line)


def _secrets_of(settings: Config) -> str:
    """Return SECRET_KEY and those before it, as lines."""
    return written_keys(Keys(settings.secret_key, settings.kept_keys.former)).strip()


def _take_secret(lines: str) -> str | None:
    """Let this process work with the secrets of a copy; None where the newest is the one we have.
    Raises Misconfigured where they could not be kept.
    """
    settings = current_app.config["KINFOLD"]
    keys = read_keys(lines, of="SECRET_KEY")
    if keys.newest == settings.secret_key:
        return None
    refuse_said_secret("SECRET_KEY")
    kept = replace(settings.kept_keys, former=keys.former)
    current_app.extensions["hand_out_keys"](
        replace(settings, secret_key=keys.newest, kept_keys=kept)
    )
    return lines


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
