"""The command `kinfold`, also as `python -m scheduler`: every command of `flask --app wsgi`."""

import sys

import click
from flask import Flask
from flask.cli import FlaskGroup

from scheduler import begin_logs, create_app
from scheduler.cli.demo.demo_commands import demo
from scheduler.config import Config
from scheduler.kernel.errors import Misconfigured
from scheduler.kernel.installation import release


def open_application() -> Flask:
    """Return the application as the environment sets it; end with 2 where a setting is nonsense."""
    try:
        settings = Config.from_environment()
        begin_logs(settings)
        return create_app(settings)
    except Misconfigured as error:
        click.echo(f"error: {error}", err=True)
        sys.exit(2)


@click.group(
    cls=FlaskGroup,
    create_app=open_application,
    add_default_commands=False,
    add_version_option=False,
    help="Schedules virtual intensive outpatient programs and brings families in exactly as far as "
    "each patient consents.",
)
@click.version_option(release(), prog_name="kinfold")
def main() -> None:
    """Answer the command `kinfold`."""


# Of Flask's own options only its commands are of use here: there is one application.
main.params = [option for option in main.params if option.name in {"version", "help"}]
# The demo runs with settings of its own: nothing of the installation's is read or made for it.
main.add_command(demo)


if __name__ == "__main__":
    main(prog_name="kinfold")
