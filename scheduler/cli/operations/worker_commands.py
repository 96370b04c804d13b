"""The door for the worker: `worker run` and `worker drain`."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from scheduler.cli.exit_codes import FAILED, answering
from scheduler.worker import Worker, drain

worker = AppGroup("worker", help="Send what is due.")


@worker.command("run")
@answering
def run_command() -> None:
    """Work in the foreground until SIGTERM."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    Worker(app.config["KINFOLD"], app.app_context).run(click.echo)


@worker.command("drain")
@answering
def drain_command() -> None:
    """Do all that is due now, then stop."""
    done, failed = drain(current_app.config["KINFOLD"])
    click.echo(f"{done.sent} sent, {done.later} to be tried again, {done.set_aside} set aside")
    for name in failed:
        click.echo(f"job {name} failed; see the log above", err=True)
    if done.closed:
        click.echo(f"the mail server cannot be reached ({done.closed}); letters wait", err=True)
    if failed or done.closed:
        raise SystemExit(FAILED)
