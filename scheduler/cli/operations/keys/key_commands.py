"""The door for keys: `secrets rotate`."""

import secrets
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import click
from flask import current_app
from flask.cli import AppGroup

from scheduler import audit, invitations, outbox, recordings, webhooks
from scheduler.cli.exit_codes import answering
from scheduler.config import Config
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, InputError
from scheduler.kernel.keys.change_key import (
    change_file_key,
    refuse_company,
    refuse_others_in_file,
)
from scheduler.kernel.keys.kept_keys import Keys, name_of_key, read_keys, written_keys
from scheduler.kernel.keys.key_file import KeyFile
from scheduler.people import seal_secrets, sealed_secrets
from scheduler.sessions import sessions_between

SECRET, DATABASE = "SECRET_KEY", "DATABASE_KEY"
ROTATED = "secrets.rotated"
BEGUN = "secrets.rotation_begun"
HONOURED = 120
"""Days for which links of before usually hold: longer than a cohort and its calendar entries."""
FRESH = timedelta(seconds=60)
LONGEST_SESSION = timedelta(hours=12)

secret_keys = AppGroup("secrets", help="The keys of this installation.")


@secret_keys.command("rotate")
@click.argument("names", nargs=-1, type=click.Choice([SECRET, DATABASE]))
@click.option("--honour-days", type=click.IntRange(0, 3650), default=HONOURED, show_default=True)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@answering
def rotate(names: tuple[str, ...], honour_days: int, *, dry_run: bool) -> None:
    """Make a new SECRET_KEY, a new DATABASE_KEY, or (without a name) every key that is kept in a
    file; web and worker must be stopped, and are started anew afterwards.

    Links, cookies and return addresses made with the SECRET_KEY of before work for --honour-days
    more days. Cut off in the middle the old key holds; called again it is done anew or finished.
    """
    settings: Config = current_app.config["KINFOLD"]
    moment = now()
    files = _files(settings, names)
    until = moment.date() + timedelta(days=honour_days or -1)
    if dry_run:
        for name in files:
            for line in _foreseen(name, until, moment):
                click.echo(line)
        return
    _refuse_work(moment)
    if db.engine.dialect.name == "sqlite":
        _leave_file()
        refuse_others_in_file(settings.database_url, settings.database_key)
    if SECRET in files:
        click.echo(_rotate_secret(settings, files[SECRET], until, moment))
    if DATABASE in files:
        click.echo(_rotate_database(settings, files[DATABASE], moment))


def _files(settings: Config, names: tuple[str, ...]) -> dict[str, KeyFile]:
    """Return the files of the keys that are asked for. Raises InputError."""
    kept = {SECRET: settings.kept_keys.secret_file, DATABASE: settings.kept_keys.database_file}
    wanted = names or tuple(name for name, place in kept.items() if place is not None)
    found = {}
    for name in wanted:
        place = kept[name]
        if name == DATABASE and settings.database_url.startswith("postgresql"):
            raise InputError("DATABASE_KEY: it opens a file of SQLite; PostgreSQL has none")
        if place is None:
            raise InputError(
                f"{name}: it stands in the environment, where no command can change it; put it "
                f"into a file, name that file by {name}_FILE, and call again"
            )
        found[name] = KeyFile(place)
    if not found:
        raise InputError("no key is kept in a file: name files by SECRET_KEY_FILE")
    return found


def _foreseen(name: str, until: date, moment: datetime) -> list[str]:
    if name == DATABASE:
        return ["DATABASE_KEY: the file is written anew under another key; copies stay as they are"]
    links = invitations.standing_links(now=moment)
    return [
        f"SECRET_KEY: {sealed_secrets()} second factors are sealed anew, and the secrets of "
        f"{webhooks.sealed_webhooks()} webhooks",
        f"SECRET_KEY: {links.pages} personal pages get a new address; the old ones, and "
        f"{links.texts} links of text messages, work until {until.isoformat()}",
        "SECRET_KEY: calendar addresses stay; forms that are open are asked for again; later "
        "accountings are signed with another key",
    ]


def _refuse_work(moment: datetime) -> None:
    """Refuse while somebody works with the keys of before, or is in a room named by them."""
    if outbox.worker_is_fresh(within=FRESH, now=moment):
        raise Conflict("a worker is running: stop it first, and the web; nothing was changed")
    refuse_company(db.session.connection())
    begun = moment - LONGEST_SESSION
    running = sessions_between(begun, moment, running_at=moment, limit=1)
    if running:
        ends = max(session.ends_at for session in running)
        raise Conflict(
            f"a session runs until {ends:%H:%M} UTC, and who comes late would be led to another "
            "room: try again afterwards; nothing was changed"
        )


def _rotate_database(settings: Config, file: KeyFile, moment: datetime) -> str:
    """Write the file anew under another key; whichever opens it is the key, at any moment."""
    url, key = settings.database_url, settings.database_key
    if settings.kept_keys.coming_database == key:
        file.take_over()
        return "DATABASE_KEY: a change that was cut off is finished; start web and worker"
    audit.append(BEGUN, DATABASE, {}, by="command", now=moment)
    db.session.commit()
    _leave_file()
    fresh = secrets.token_hex(32)
    file.write_down(f"{fresh}\n")
    change_file_key(url, key, fresh)
    file.take_over()
    return "DATABASE_KEY: the database has another key; start web and worker"


def _rotate_secret(settings: Config, file: KeyFile, until: date, moment: datetime) -> str:
    """Seal and sign everything anew in one transaction; the key follows when that stands."""
    if settings.kept_keys.coming_secret and _is_done(settings.kept_keys.coming_secret):
        file.take_over()
        return "SECRET_KEY: a change that was cut off is finished; start web and worker"
    before = read_keys(file.text(), of=SECRET)
    after = before.followed_by(secrets.token_hex(32), until=until)
    file.write_down(written_keys(after))
    # The record's last entry under the key of before; from here on only the next one counts.
    details = {"key": name_of_key(after.newest), "until": until.isoformat()}
    audit.append(ROTATED, SECRET, details, by="command", now=moment)
    _use(_with(settings, after))
    try:
        sealed = seal_secrets()
        hooks = webhooks.seal_webhooks()
        ends_at = datetime.combine(until + timedelta(days=1), time(), UTC)
        recordings.end_passes_by(ends_at)
        links = invitations.make_links_anew(ends_at=ends_at, now=moment)
        db.session.commit()
    except Exception:
        db.session.rollback()
        _use(settings)
        file.drop()
        raise
    file.take_over()
    return (
        f"SECRET_KEY: {sealed} second factors and the secrets of {hooks} webhooks sealed anew, "
        f"{links} personal pages with a new address; links of before work until "
        f"{until.isoformat()}; start web and worker"
    )


def _with(settings: Config, keys: Keys) -> Config:
    kept = replace(settings.kept_keys, former=keys.former, coming_secret=None)
    return replace(settings, secret_key=keys.newest, kept_keys=kept)


def _use(settings: Config) -> None:
    """Let this process go on with other keys."""
    current_app.config["KINFOLD"] = settings
    current_app.extensions["hand_out_keys"](settings)


def _is_done(key: str) -> bool:
    """True if the record says that the database is already this key's."""
    changes = audit.entries_about(SECRET)
    return any(entry.details.get("key") == name_of_key(key) for entry in changes)


def _leave_file() -> None:
    db.session.remove()
    db.engine.dispose()
