"""What the house promises about itself: doors that say whom they are for, commands, migrations."""

import click
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask

from conftest import settings
from scheduler import create_app
from scheduler.kernel.database import Base, db
from scheduler.web import Who
from scheduler.web.access import allowed_for

PROMISED = (
    "db upgrade",
    "clinic load",
    "clinic export",
    "cohort plan",
    "cohort publish",
    "sessions export",
    "consent give",
    "consent revoke",
    "feed url",
    "worker run",
    "worker drain",
    "doctor",
)
"""Commands other programs rely on."""


@pytest.mark.parametrize("demo", [False, True])
def test_every_route_says_who_may_use_it(sqlite_url: str, demo: bool) -> None:
    app = create_app(settings(sqlite_url, demo=demo))
    with app.app_context():
        said = {rule.rule: allowed_for(rule.endpoint) for rule in app.url_map.iter_rules()}

    assert [rule for rule, who in said.items() if not who] == []
    assert {one for who in said.values() for one in who or ()} <= set(Who)


def test_promised_commands_exist(sqlite_app: Flask) -> None:
    assert [name for name in PROMISED if name not in set(commands(sqlite_app.cli))] == []


def test_every_command_says_what_it_does(sqlite_app: Flask) -> None:
    found = commands(sqlite_app.cli)

    assert [name for name, command in found.items() if not command.help] == []


def test_migrations_make_what_the_models_say(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, Base.metadata) == []


def commands(group: click.Group, before: str = "") -> dict[str, click.Command]:
    """Give every command under `group` by the words that call it."""
    found: dict[str, click.Command] = {}
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, f"{before}{name} ")
        else:
            found[f"{before}{name}"] = command
    return found
