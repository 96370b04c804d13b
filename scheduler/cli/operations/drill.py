"""`drill withdrawal`: on a copy of the database with a mail sink, that a withdrawal stops all."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from scheduler import backups, consents, feeds, outbox
from scheduler.cli.demo.child_processes import ChildProcesses
from scheduler.cli.demo.first_look import free_ports
from scheduler.cli.exit_codes import answering
from scheduler.disclosures import sign_file
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import Conflict, KinfoldError
from scheduler.kernel.schema.migrate import current
from scheduler.people import patient_by_key, practice, relatives_of
from scheduler.worker import open_demo_smtp_server

drill = AppGroup("drill", help="Try on a copy what must hold.")
FORMAT = "kinfold-drill/1"
SECONDS = 40
"""How long the worker goes on after the answer, where nobody says otherwise."""
FIRST_PORT = 8825
OF_THE_HOUSE = ("DATABASE_URL", "DATABASE_KEY", "SMTP_URL", "MAIL_IN", "SMS_URL", "AUDIT_ANCHOR")


@drill.command("withdrawal")
@click.argument("key")
@click.option(
    "--copy-dir",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Where the copy is made and taken away again; left out: the usual place for such files.",
)
@click.option("--seconds", type=click.IntRange(1), default=SECONDS, show_default=True)
@answering
def withdrawal_command(key: str, copy_dir: Path | None, seconds: int) -> None:
    """Withdraw everything of patient KEY on a copy, let the worker run for a while, and print a
    signed certificate, which docs/verify_accounting.py checks; exit 1 when a letter left after the
    answer. Nothing real is changed or sent.
    """
    patient = patient_by_key(key)
    if not consents.told_family(patient, None):
        raise KinfoldError(f"nobody is told anything about {key}: there is nothing to withdraw")
    db.session.rollback()
    with tempfile.TemporaryDirectory(prefix="kinfold-drill-", dir=copy_dir) as folder:
        certificate = _try(key, Path(folder), seconds)
    signed = sign_file(certificate)
    click.echo(signed.octets, nl=False)
    click.echo(f"signed by {signed.key}", err=True)
    if certificate["letters_after_the_answer"] or certificate["feeds"] or certificate["links"]:
        raise SystemExit(1)


@drill.command("prepare", hidden=True)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@answering
def prepare_command(file: Path) -> None:
    """Put the copy FILE into this empty database and let its letters go."""
    if current(db.engine) is not None:
        raise Conflict("this database is in use: a drill is tried in an empty one")
    backups.restore(db.engine, file, now=now())
    outbox.resume(send=True, by="command", now=now())
    db.session.commit()


@drill.command("left", hidden=True)
@click.argument("key")
@answering
def left_command(key: str) -> None:
    """Print what of patient KEY relatives can still reach in this database, as JSON."""
    patient = patient_by_key(key)
    told = consents.told_family(patient, None)
    showing = 0
    for relative in relatives_of(patient):
        feed = feeds.standing_feed(relative)
        if feed is not None and feed.shown:
            showing += 1
    click.echo(json.dumps({"feeds": showing, "links": len(told)}))


def _try(key: str, folder: Path, seconds: int) -> dict[str, object]:
    """Return what the certificate says."""
    copy = folder / "copy.kinfold"
    about = backups.make(db.engine, copy, now=now())
    house, addresses = practice().name, _addresses(key)
    (port,) = free_ports(FIRST_PORT, 1)
    environment = _environment(folder, f"smtp://127.0.0.1:{port}?starttls=off")
    _ask(environment, ["drill", "prepare", str(copy)])
    tried = _withdraw_beside_a_worker(key, environment, folder / "mail", seconds)
    left = json.loads(_ask(environment, ["drill", "left", key]))
    return {
        "format": FORMAT,
        "drill": "withdrawal",
        "practice": house,
        "patient": key,
        "copy_of": about.made_at.isoformat(),
        "answered_at": datetime.fromtimestamp(tried.answered / 1e9, UTC).isoformat(),
        "seconds": round((tried.answered - tried.began) / 1e9, 1),
        "worker_seconds": seconds,
        "answer": tried.said,
        "letters_after_the_answer": letters_to(folder / "mail", addresses, after=tried.answered),
        "feeds": left["feeds"],
        "links": left["links"],
    }


@dataclass(frozen=True)
class _Tried:
    """When the withdrawal was asked for and answered (ns since 1970), and what it said."""

    began: int
    answered: int
    said: str


def _withdraw_beside_a_worker(
    key: str, environment: dict[str, str], sink: Path, seconds: int
) -> _Tried:
    server = open_demo_smtp_server(environment["SMTP_URL"], sink)
    server.start()
    children = ChildProcesses(environment)
    try:
        children.start("worker", ["scheduler", "worker", "run"])
        began = time.time_ns()
        words = ["consent", "revoke", "--everybody", "--patient", key, "--silent"]
        said = _ask(environment, words)
        answered = time.time_ns()
        time.sleep(seconds)
        children.refuse_dead()
    finally:
        children.stop()
        server.stop()
    return _Tried(began, answered, said.strip())


def _addresses(key: str) -> list[str]:
    found = [relative.email for relative in relatives_of(patient_by_key(key)) if relative.email]
    db.session.rollback()
    return found


def letters_to(sink: Path, addresses: list[str], *, after: int) -> int:
    """Return how many letters to these addresses came to the sink after an instant (ns)."""
    count = 0
    for letter in sorted(sink.glob("*.eml")):
        if int(letter.name.partition("-")[0]) <= after:
            continue
        head, _, _ = letter.read_bytes().partition(b"\r\n\r\n")
        if any(address.encode() in head for address in addresses):
            count += 1
    return count


def _environment(folder: Path, smtp_url: str) -> dict[str, str]:
    """Return the settings of the copy's processes: nothing of the house but the key of copies."""
    foreign = {name for setting in OF_THE_HOUSE for name in (setting, f"{setting}_FILE")}
    environment = {name: said for name, said in os.environ.items() if name not in foreign}
    environment["KINFOLD_INSTANCE"] = str(folder)
    environment["SECRET_KEY"] = current_app.config["KINFOLD"].secret_key
    environment["SMTP_URL"] = smtp_url
    environment["TICK_SECONDS"] = "1"
    environment["LOG_LEVEL"] = "error"
    return environment


def _ask(environment: Mapping[str, str], words: list[str]) -> str:
    """Run a command of ours on the copy and return what it printed. Raises KinfoldError."""
    command = [sys.executable, "-m", "scheduler", *words]
    done = subprocess.run(  # noqa: S603 - our own commands
        command, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise KinfoldError(f"the drill could not {' '.join(words[:2])}: {done.stderr.strip()}")
    return done.stdout
