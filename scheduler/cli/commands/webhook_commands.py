"""`webhook make`, `webhook list`, `webhook end`: addresses of programs that are told of events."""

import click
from flask.cli import AppGroup

from scheduler.cli.acting_as import actor
from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.webhooks import Event, all_webhooks, end_webhook, make_webhook

webhook = AppGroup("webhook", help="Addresses of programs that are told what happened here.")
_WORDS = ", ".join(Event)


def _events(_context: click.Context, _option: click.Parameter, text: str) -> list[Event]:
    try:
        return [Event(word.strip()) for word in text.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"want some of {_WORDS}") from error


@webhook.command("make")
@click.argument("name")
@click.argument("address")
@click.option(
    "--events",
    default=_WORDS,
    callback=_events,
    help=f"Of what: {_WORDS}; usually all.",
)
@answering
def make_command(name: str, address: str, events: list[Event]) -> None:
    """Tell ADDRESS (https) of events from now on; print the secret that signs them, this once."""
    secret = make_webhook(
        name,
        address,
        events,
        by=actor(),
        now=now(),
    )
    db.session.commit()
    click.echo(secret)


@webhook.command("list")
@answering
def list_command() -> None:
    """Print every address: name, whether it is told still, of what, where."""
    reading()
    for row in all_webhooks():
        state = "ended" if row.ended_at is not None else "open"
        click.echo(f"{row.name}  {state}  {','.join(row.events)}  {row.address}")


@webhook.command("end")
@click.argument("name")
@answering
def end_command(name: str) -> None:
    """Tell the address NAME nothing more, what waits neither."""
    is_new = end_webhook(name, by=actor(), now=now())
    db.session.commit()
    click.echo(f"{name} is ended" if is_new else f"{name} was ended before")
