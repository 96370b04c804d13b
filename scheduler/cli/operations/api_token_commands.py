"""`api token`, `api tokens`, `api revoke`: what programs hold to speak to the HTTP API."""

from datetime import timedelta

import click
from flask.cli import AppGroup

from scheduler.cli.exit_codes import answering
from scheduler.kernel.clock import now
from scheduler.kernel.database import db, reading
from scheduler.people import Scope, api_tokens, make_api_token, person_by_key, revoke_api_token

api = AppGroup("api", help="Tokens of programs that speak to the HTTP API.")
_WORDS = ", ".join(Scope)


def _scopes(_context: click.Context, _option: click.Parameter, text: str) -> list[Scope]:
    try:
        return [Scope(word.strip()) for word in text.split(",")]
    except ValueError as error:
        raise click.BadParameter(f"want some of {_WORDS}") from error


@api.command("token")
@click.argument("name")
@click.option("--as", "key", required=True, help="The member of staff it acts as, by their key.")
@click.option(
    "--scopes",
    required=True,
    callback=_scopes,
    help=f"What it is for, with commas between: {_WORDS}.",
)
@click.option("--days", required=True, type=int, help="How long it holds: 1 to 366.")
@answering
def token_command(name: str, key: str, scopes: list[Scope], days: int) -> None:
    """Make a token called NAME and print it, this once; it may do what that person may, within
    the scopes.
    """
    secret = make_api_token(
        name,
        person_by_key(key),
        scopes,
        lasts=timedelta(days=max(-1, min(days, 999))),
        by="command",
        now=now(),
    )
    db.session.commit()
    click.echo(secret)


@api.command("tokens")
@answering
def tokens_command() -> None:
    """Print every token: name, whom it acts as, scopes, whether it holds, until when."""
    reading()
    moment = now()
    for token, key in api_tokens():
        state = "open"
        if token.ended_at is not None:
            state = "revoked"
        elif token.ends_at <= moment:
            state = "ended"
        scopes = ",".join(token.scopes)
        click.echo(f"{token.name}  {key}  {scopes}  {state}  {token.ends_at:%Y-%m-%dT%H:%M:%SZ}")


@api.command("revoke")
@click.argument("name")
@answering
def revoke_command(name: str) -> None:
    """End the token NAME for good: its next call is refused."""
    is_new = revoke_api_token(name, by="command", now=now())
    db.session.commit()
    click.echo(f"{name} is revoked" if is_new else f"{name} was revoked before")
