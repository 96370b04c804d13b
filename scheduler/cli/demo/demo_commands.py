"""The demo: `demo load` brings a made-up clinic in and publishes it, `demo mailbox` takes its
letters and texts.
"""

import os
import secrets
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from scheduler.cli.demo.demo_clinic import SIGN_INS
from scheduler.cli.demo.demo_gateway import DemoGateway
from scheduler.cli.demo.first_look import show_demo
from scheduler.cli.exit_codes import answering
from scheduler.config import Config
from scheduler.kernel.clock import now
from scheduler.kernel.database import db
from scheduler.kernel.errors import InputError
from scheduler.people import person_by_key, set_password
from scheduler.people.models import PersonKind, Practice

BY = "demo"


@click.group("demo", cls=AppGroup, invoke_without_command=True)
@click.pass_context
def demo(context: click.Context) -> None:
    """Run a made-up clinic to look around in, until Ctrl-C."""
    if context.invoked_subcommand is None:
        _show()


@answering
def _show() -> None:
    with suppress(KeyboardInterrupt):
        show_demo()
    click.echo("\nStopped.")


@demo.command("load")
@answering
def load_command() -> None:
    """Load, plan and publish the demo clinic, unless there is a clinic; print who may sign in."""
    from scheduler.cli.demo.past_weeks import load_demo

    _only_in_demo()
    settings = current_app.config["KINFOLD"]
    if db.session.get(Practice, 1) is None:
        with _mailbox(settings):
            load_demo(now(), settings)
    password = _password(now())
    db.session.rollback()
    url = current_app.config["KINFOLD"].base_url
    for line in [*_sign_ins(url, password), _where_to_begin(url, now())]:
        click.echo(line)


@demo.command("mailbox")
@answering
def mailbox_command() -> None:
    """Take every letter at SMTP_URL and every text message at SMS_URL into the demo's folders,
    until SIGTERM.
    """
    _only_in_demo()
    settings = current_app.config["KINFOLD"]
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    with _mailbox(settings):
        gateway = _gateway(settings)
        ended.wait()
        if gateway is not None:
            gateway.shutdown()


def _gateway(settings: Config) -> DemoGateway | None:
    """Open the gateway of text messages in a thread of its own, where the demo has one."""
    if settings.sms_url is None or settings.sms_secret is None:
        return None
    folder = Path(current_app.config["DEMO_MAILBOX"]).parent / "phones"
    gateway = DemoGateway(
        settings.sms_url,
        settings.sms_secret,
        folder,
        f"{settings.base_url}/texts",
    )
    threading.Thread(
        target=gateway.serve_forever,
        daemon=True,
        name="gateway",
    ).start()
    return gateway


@contextmanager
def _mailbox(settings: Config) -> Iterator[None]:
    """Take every letter at SMTP_URL into the demo's folder meanwhile. Raises InputError."""
    from scheduler.worker import open_demo_smtp_server

    if settings.smtp_url is None:
        raise InputError("SMTP_URL says where to listen: smtp://127.0.0.1:PORT")
    server = open_demo_smtp_server(settings.smtp_url, Path(current_app.config["DEMO_MAILBOX"]))
    server.start()
    try:
        yield
    finally:
        server.stop()


def _only_in_demo() -> None:
    if not current_app.config["KINFOLD"].demo:
        raise InputError("these commands exist in the demo only (KINFOLD_DEMO=1)")


def _password(moment: datetime) -> str:
    """Return the password of the demo's staff: made on first use, kept beside the mailbox for later
    runs, mode 0600.
    """
    path = Path(current_app.config["DEMO_MAILBOX"]).parent / "demo_password"
    if path.exists():
        return path.read_text(encoding="ascii")
    said = secrets.token_urlsafe(12)
    for key, _ in SIGN_INS:
        person = person_by_key(key)
        if person.kind is PersonKind.CLINICIAN:
            set_password(person, said, by=BY, now=moment)
    db.session.commit()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii"
    ) as file:
        file.write(said)
    return said


def _sign_ins(url: str, password: str) -> list[str]:
    lines = ["Sign in as"]
    for key, part in SIGN_INS:
        person = person_by_key(key)
        way = (
            f"password: {password}"
            if person.kind is PersonKind.CLINICIAN
            else "a code, mailed to the mailbox below"
        )
        lines.append(f"  {person.email:<28} {part:<34} {way}")
    return [
        *lines,
        f"Everybody's mailbox:  {url}/demo/mailbox",
        f"Everybody's phones:   {url}/demo/phones",
    ]


def _where_to_begin(url: str, moment: datetime) -> str:
    """Return the line that leads to the Monday of the tour."""
    from scheduler.cli.demo.past_weeks import monday_to_walk

    return f"A Monday to walk:     {url}/desk/?day={monday_to_walk(moment)}"
