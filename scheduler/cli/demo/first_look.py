"""`kinfold demo`: a made-up clinic with web, worker, mailbox and phones, on this machine alone."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

import click

from scheduler.cli.demo.child_processes import ChildProcesses, end
from scheduler.kernel.errors import KinfoldError
from scheduler.kernel.installation import make_folder
from scheduler.kernel.keys.secret_settings import INSTANCE

FIRST_PORT = 8000
PORTS_TRIED = 1000
OF_NO_DEMO = (
    "DATABASE_URL",
    "DATABASE_KEY",
    "KINFOLD_AS",
    "SECRET_KEY",
    "SMS_URL",
    "SMS_SECRET",
    "SMTP_URL",
)
"""Settings of a real installation that the demo must never meet, nor their `_FILE` forms."""


def show_demo() -> None:
    """Run the made-up clinic until Ctrl-C or SIGTERM. Raises KinfoldError when a part of it fails
    or dies.
    """
    folder = Path(os.environ.get("KINFOLD_INSTANCE") or INSTANCE) / "demo"
    make_folder(folder)
    signal.signal(signal.SIGTERM, _interrupt)
    web, smtp, lmtp, texts = free_ports(FIRST_PORT, 4)
    url = f"http://127.0.0.1:{web}"
    environment = demo_environment(folder, url, smtp=smtp, lmtp=lmtp, texts=texts)
    click.echo("Preparing the demo clinic …")
    _ask(["db", "upgrade"], environment, "the demo's database could not be prepared")
    sign_ins = _ask(["demo", "load"], environment, "the demo clinic could not be loaded")
    children = ChildProcesses(environment)
    try:
        children.start("mailbox", ["scheduler", "demo", "mailbox"])
        children.start("web", ["waitress", f"--listen=127.0.0.1:{web}", "scheduler.wsgi:app"])
        children.start("worker", ["scheduler", "worker", "run"])
        children.wait_for(f"{url}/healthz")
        click.echo(f"\n{where_it_runs(web)}\n\n{sign_ins.rstrip()}\n\nStop with Ctrl-C.")
        children.watch()
    finally:
        children.stop()


def where_it_runs(port: int) -> str:
    """Return where the pages are, and why not at the port that is usual."""
    said = f"Kinfold is running:  http://127.0.0.1:{port}"
    if port == FIRST_PORT:
        return said
    return f"{said}\n(port {FIRST_PORT} is taken by another program on this machine)"


def demo_environment(folder: Path, url: str, *, smtp: int, lmtp: int, texts: int) -> dict[str, str]:
    """Return the settings of the demo's processes; ports are of 127.0.0.1."""
    foreign = {name for setting in OF_NO_DEMO for name in (setting, f"{setting}_FILE")}
    environment = {name: value for name, value in os.environ.items() if name not in foreign}
    environment["KINFOLD_DEMO"] = "1"
    environment["KINFOLD_INSTANCE"] = str(folder)
    environment["BASE_URL"] = url
    environment["SMTP_URL"] = f"smtp://127.0.0.1:{smtp}?starttls=off"
    environment["MAIL_IN"] = f"lmtp://127.0.0.1:{lmtp}"
    environment["SMS_URL"] = f"http://127.0.0.1:{texts}"
    environment["SMS_SECRET"] = secrets.token_hex(32)
    environment["TICK_SECONDS"] = "2"
    environment["LOG_LEVEL"] = "warning"
    environment["PYTHONUNBUFFERED"] = "1"
    return environment


def free_ports(first: int, count: int) -> list[int]:
    """Return `count` free ports of 127.0.0.1 from `first` on. Raises KinfoldError when there are
    not so many.
    """
    found = []
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
        if len(found) == count:
            return found
    raise KinfoldError(f"no free port between {first} and {first + PORTS_TRIED}")


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """End on SIGTERM as on Ctrl-C, so that no child is left behind."""
    raise KeyboardInterrupt


def _ask(words: Sequence[str], environment: dict[str, str], failure: str) -> str:
    """Run a command of ours to its end and return what it printed. Raises KinfoldError."""
    command = [sys.executable, "-m", "scheduler", *words]
    child = subprocess.Popen(  # noqa: S603 - our own commands
        command,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        printed, _ = child.communicate()
    finally:
        end(child)
    if child.returncode != 0:
        raise KinfoldError(f"{failure}; see above")
    return printed
